import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it } from 'mocha'
import { parseOutsideHosts } from '../../../platform/http/outside-hosts.ts'
import type { NotificationDocument } from './notification-document.ts'
import { webhookCarrier, webhookSignature } from './webhook.ts'

const document = { id: 'n-1', title: 'a\r\nx: y' } as NotificationDocument

describe('webhookSignature', () => {
  it('is HMAC-SHA256 over seconds, a point and the body', () => {
    // By openssl: printf '1773144000.{"id":"n-1"}' | openssl dgst -sha256 -hmac 'a secret of 16 or more'
    const signature = 'c4f104c60a030518254525ffa8d372f11d73babbda8bc92b1636e0f06d098a55'
    assert.equal(
      webhookSignature('a secret of 16 or more', 1_773_144_000, '{"id":"n-1"}'),
      `t=1773144000,v1=${signature}`,
    )
  })
})

describe('webhookCarrier', () => {
  for (const [status, fault] of [
    [200, null],
    [204, null],
    [302, /answered 302, a redirect, which is not followed: no$/],
    [500, /^127\.0\.0\.1:\d+ answered 500: no$/],
  ] as const)
    it(`${status} ${fault ? 'is a failure, with the beginning of what was said' : 'confirms'}`, async () => {
      const server = createServer((request, response) => {
        request.resume()
        response.writeHead(status, { location: 'http://169.254.169.254/' }).end(status === 204 ? undefined : 'no\r\n\t')
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const { port } = server.address() as AddressInfo
      const hosts = parseOutsideHosts(`private:127.0.0.1:${port}`)!
      const limits = { hosts, production: false, timeoutMs: 2_000, mostAnswerBytes: 100 }
      const url = new URL(`http://127.0.0.1:${port}/`)
      const carrier = webhookCarrier(url, 'a secret of 16 or more', limits, { now: () => 0 })
      const carried = carrier.carry(document, 1, new AbortController().signal)
      try {
        if (fault) await assert.rejects(carried, ({ message }: Error) => fault.test(message))
        else assert.equal(await carried, true)
      } finally {
        server.closeAllConnections()
        await new Promise((resolve) => server.close(resolve))
      }
    })
})
