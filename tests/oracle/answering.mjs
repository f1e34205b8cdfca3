// Does what lines of JSON on standard input say, by the name in `do`. Each is answered by one of JSON: { ok: value }, or
// { failed: why }.

import { createInterface } from 'node:readline'

export const answer = async (actions) => {
  for await (const line of createInterface({ input: process.stdin })) {
    const action = JSON.parse(line)
    try {
      console.log(JSON.stringify({ ok: (await actions[action.do](action)) ?? null }))
    } catch (error) {
      console.log(JSON.stringify({ failed: error.message }))
    }
  }
  process.exit(0)
}
