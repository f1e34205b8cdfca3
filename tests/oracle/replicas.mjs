// Replicas of one text in the real `yjs`, without a network: told to write, given updates, and asked how they read.

import * as Y from 'yjs'
import { answer } from './answering.mjs'

const base64 = (bytes) => Buffer.from(bytes).toString('base64').replaceAll('=', '')
const bytes = (text) => new Uint8Array(Buffer.from(text, 'base64'))
const root = (doc) => doc.getText('t')

let replicas = []

await answer({
  // Empty replicas, one for each client id.
  start ({ clients }) {
    replicas = clients.map((client) => {
      const doc = new Y.Doc()
      doc.clientID = client
      return doc
    })
  },
  // Writes as an editor does, in one transaction; the update that came of it, and how the text reads.
  write ({ replica, at, remove, insert }) {
    const doc = replicas[replica]
    let update = null
    doc.once('update', (bytes) => { update = base64(bytes) })
    doc.transact(() => {
      root(doc).delete(at, remove)
      root(doc).insert(at, insert)
    })
    return { update, text: root(doc).toString() }
  },
  // Takes others' writing; how the text reads then, and whether any of it waits for something.
  apply ({ replica, updates }) {
    const doc = replicas[replica]
    updates.forEach((update) => Y.applyUpdate(doc, bytes(update)))
    return { waits: doc.store.pendingStructs !== null || doc.store.pendingDs !== null, text: root(doc).toString() }
  },
  state: ({ replica }) => base64(Y.encodeStateAsUpdate(replicas[replica])),
  // What replica lacks that knows as much as `known` says.
  lacking: ({ replica, known }) => base64(Y.encodeStateAsUpdate(replicas[replica], bytes(known))),
  known: ({ replica }) => base64(Y.encodeStateVector(replicas[replica]))
})
