// Editors as other people write them: the real `yjs` and `y-websocket`.

import { WebSocket } from 'ws'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import { answer } from './answering.mjs'

// What the server's close codes and refusals are told by goes to the tests, not to the terminal.
const warnings = []
console.warn = (text) => warnings.push(text)

const WAIT_MS = 20_000
const editors = new Map()

// Waits until `holds` gives something, asking again with every event of the editor.
const until = (editor, holds, what) => new Promise((resolve, reject) => {
  const late = setTimeout(() => settle(reject, new Error(`${what}: has ${JSON.stringify(editor.text.toString())}`)), WAIT_MS)
  const look = () => {
    const found = holds()
    if (found !== undefined && found !== false) settle(resolve, found)
  }
  const settle = (end, value) => {
    clearTimeout(late)
    editor.watchers.delete(look)
    end(value)
  }
  editor.watchers.add(look)
  look()
})

const actions = {
  // A document of one's own, connected or not.
  open ({ name, base, workshop, note, token, like, connect = true }) {
    const doc = new Y.Doc()
    if (like) Y.applyUpdate(doc, Y.encodeStateAsUpdate(editors.get(like).doc))
    const provider = new WebsocketProvider(`${base.replace('http', 'ws')}/yjs/${workshop}`, note, doc, {
      params: token ? { token } : {}, WebSocketPolyfill: WebSocket, disableBc: true, connect
    })
    const editor = { doc, provider, text: doc.getText('t'), watchers: new Set(), closed: null }
    const look = () => editor.watchers.forEach((watcher) => watcher())
    provider.on('sync', look)
    provider.on('connection-close', (event) => {
      editor.closed = event?.code ?? null
      look()
    })
    doc.on('update', look)
    provider.awareness.on('update', look)
    editors.set(name, editor)
    return doc.clientID
  },
  connect: ({ name }) => editors.get(name).provider.connect(),
  disconnect: ({ name }) => editors.get(name).provider.disconnect(),
  synced: ({ name }) => until(editors.get(name), () => editors.get(name).provider.synced, 'not in step'),
  insert: ({ name, at, text }) => editors.get(name).text.insert(at, text),
  delete: ({ name, at, count }) => editors.get(name).text.delete(at, count),
  read: ({ name }) => editors.get(name).text.toString(),
  shows: ({ name, text }) => until(editors.get(name), () => editors.get(name).text.toString() === text, `not ${text}`),
  place: ({ name, state }) => editors.get(name).provider.awareness.setLocalStateField('user', state),
  // The people another editor sees, but itself.
  people ({ name, count }) {
    const { awareness } = editors.get(name).provider
    const others = () => [...awareness.getStates()].filter(([client]) => client !== awareness.clientID)
    return until(editors.get(name), () => others().length === count && others().map(([, state]) => state.user), 'people')
  },
  closed: ({ name }) => until(editors.get(name), () => editors.get(name).closed ?? undefined, 'not closed'),
  // Whether the client has given up, as it does after a refusal that trying again would not change.
  connecting: ({ name }) => editors.get(name).provider.shouldConnect,
  warnings: () => warnings.splice(0).join('\n')
}

await answer(actions)
