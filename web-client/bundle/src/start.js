import init from "./{{glue}}";

// An old browser, or a network that lets half of the files through, must not leave a blank page.
init({ module_or_path: new URL("./{{wasm}}", import.meta.url) }).catch((error) => {
  console.error(error);
  document.getElementById("stopped").hidden = false;
});
