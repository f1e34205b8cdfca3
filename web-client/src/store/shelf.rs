//! The browser's own database, as one shelf of things under keys. Browsers close it behind a page's back, and then what
//! one holds of it fails for ever; so after any failure it is opened anew and asked once more.

use std::cell::RefCell;

use js_sys::{Array, Function, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbKeyRange, IdbObjectStore, IdbOpenDbRequest, IdbRequest, IdbTransaction};

use super::scope::LAST;

const DATABASE: &str = "verksted";
const VERSION: u32 = 1;
const STORE: &str = "kept";
/// Some browsers, once in a while, never answer at all. In milliseconds.
const ANSWERS_WITHIN: i32 = 4_000;

/// The tablet does not keep anything now: it refuses, is full, or does not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Refused;

/// What is to be done on the shelf.
#[derive(Clone, Debug)]
pub(super) enum Write {
    /// Put something under a key.
    Put(String, JsValue),
    /// Take one thing away.
    Delete(String),
    /// Take away all from the first key to the last.
    Clear(String, String),
}

impl Write {
    /// Takes away all whose key begins so.
    pub(super) fn clear_all(beginning: String) -> Self {
        let last = format!("{beginning}{LAST}");
        Self::Clear(beginning, last)
    }
}

thread_local! {
    static OPENED: RefCell<Option<IdbDatabase>> = const { RefCell::new(None) };
}

/// Everything whose key begins so, in the order of the keys.
pub(super) async fn read(beginning: &str) -> Result<Vec<(String, JsValue)>, Refused> {
    match try_to_read(beginning).await {
        Ok(found) => Ok(found),
        Err(_) => anew(try_to_read(beginning)).await,
    }
}

/// Does it all, or nothing of it. It is on the tablet when this returns.
pub(super) async fn write(writes: &[Write]) -> Result<(), Refused> {
    match try_to_write(writes).await {
        Ok(()) => Ok(()),
        Err(_) => anew(try_to_write(writes)).await,
    }
}

async fn anew<T>(again: impl Future<Output = Result<T, JsValue>>) -> Result<T, Refused> {
    if let Some(opened) = OPENED.take() {
        opened.close();
    }
    again.await.map_err(|_| Refused)
}

async fn try_to_read(beginning: &str) -> Result<Vec<(String, JsValue)>, JsValue> {
    let transaction = opened().await?.transaction_with_str(STORE)?;
    let store = transaction.object_store(STORE)?;
    let range = IdbKeyRange::bound(&beginning.into(), &format!("{beginning}{LAST}").into())?;
    let keys = store.get_all_keys_with_key(&range)?;
    let values = store.get_all_with_key(&range)?;
    finished(&transaction).await?;
    let (keys, values) = (Array::from(&keys.result()?), Array::from(&values.result()?));
    Ok(keys.iter().map(|key| key.as_string().unwrap_or_default()).zip(values.iter()).collect())
}

async fn try_to_write(writes: &[Write]) -> Result<(), JsValue> {
    let transaction = to_write(&opened().await?)?;
    let store = transaction.object_store(STORE)?;
    for write in writes {
        let done = one(&store, write);
        if done.is_err() {
            // Nothing is to be kept of a write of which not all is kept.
            let _ = transaction.abort();
        }
        done?;
    }
    finished(&transaction).await
}

fn one(store: &IdbObjectStore, write: &Write) -> Result<IdbRequest, JsValue> {
    match write {
        Write::Put(key, value) => store.put_with_key(value, &key.into()),
        Write::Delete(key) => store.delete(&key.into()),
        Write::Clear(first, last) => {
            let range = IdbKeyRange::bound(&first.into(), &last.into())?;
            store.delete(&range)
        }
    }
}

/// A transaction that need not wait for the disk: what is under way survives the page and the browser, and a tablet whose
/// battery dies in that very moment loses a letter.
fn to_write(database: &IdbDatabase) -> Result<IdbTransaction, JsValue> {
    let options = js_sys::Object::new();
    Reflect::set(&options, &"durability".into(), &"relaxed".into())?;
    let begin: Function = Reflect::get(database, &"transaction".into())?.dyn_into()?;
    begin.call3(database, &STORE.into(), &"readwrite".into(), &options)?.dyn_into()
}

async fn opened() -> Result<IdbDatabase, JsValue> {
    if let Some(opened) = OPENED.with_borrow(Clone::clone) {
        return Ok(opened);
    }
    let factory = window().indexed_db()?.ok_or(JsValue::NULL)?;
    let request = factory.open_with_u32(DATABASE, VERSION)?;
    let made = {
        let request = request.clone();
        Closure::<dyn FnMut()>::new(move || {
            let database = request.result().ok().and_then(|database| database.dyn_into::<IdbDatabase>().ok());
            // It can only fail when it is there already.
            let _ = database.map(|database| database.create_object_store(STORE));
        })
    };
    request.set_onupgradeneeded(Some(made.as_ref().unchecked_ref()));
    if let Err(refused) = answered(|resolve, reject| opening(&request, resolve, reject)).await {
        // What comes after that nobody uses, and it must not stand in another's way.
        let late = request.clone();
        let close = Closure::once_into_js(move || {
            if let Some(database) = late.result().ok().and_then(|database| database.dyn_into::<IdbDatabase>().ok()) {
                database.close();
            }
        });
        request.set_onsuccess(Some(close.unchecked_ref()));
        return Err(refused);
    }
    let database: IdbDatabase = request.result()?.dyn_into()?;
    // A newer page, or whoever erases what sites keep, waits for this one to let go.
    let gives_way = Closure::once_into_js(|| {
        if let Some(opened) = OPENED.take() {
            opened.close();
        }
    });
    database.set_onversionchange(Some(gives_way.unchecked_ref()));
    OPENED.set(Some(database.clone()));
    Ok(database)
}

fn opening(request: &IdbOpenDbRequest, resolve: &Function, reject: &Function) {
    request.set_onsuccess(Some(resolve));
    request.set_onerror(Some(reject));
    request.set_onblocked(Some(reject));
}

async fn finished(transaction: &IdbTransaction) -> Result<(), JsValue> {
    answered(|resolve, reject| {
        transaction.set_oncomplete(Some(resolve));
        transaction.set_onabort(Some(reject));
        transaction.set_onerror(Some(reject));
    })
    .await
}

/// Waits until what `listen` binds is called, or for too long.
async fn answered(listen: impl Fn(&Function, &Function)) -> Result<(), JsValue> {
    let promise = Promise::new(&mut |resolve, reject| {
        listen(&resolve, &reject);
        // Without the deadline one would only wait longer.
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&reject, ANSWERS_WITHIN);
    });
    JsFuture::from(promise).await.map(drop)
}
