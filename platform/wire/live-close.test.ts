import assert from 'node:assert/strict'
import { closeCodes } from './live-close.ts'

describe('the codes of a live connection that the server ends', () => {
  const codes = Object.values<number>(closeCodes)

  it('tell each reason from the others', () => assert.equal(new Set(codes).size, codes.length))

  it('are left to applications, but for the one that every WebSocket has', () => {
    for (const code of codes) assert.ok(code === 1001 || (code >= 4000 && code <= 4999), String(code))
  })
})
