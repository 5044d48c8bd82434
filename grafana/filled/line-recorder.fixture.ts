import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'

/** Stands before an InfluxDB, and keeps what was written to it. */
export interface LineRecorder {
  readonly url: string
  /** Lines that InfluxDB confirmed, as our client sent them. */
  readonly lines: readonly string[]
  close(): Promise<void>
}

/** @param target  the InfluxDB, as http://host:port */
export async function recordLines(target: string): Promise<LineRecorder> {
  const lines: string[] = []
  const server = createServer((request, response) => {
    void (async () => {
      const body = await buffer(request)
      const zipped = request.headers['content-encoding'] === 'gzip'
      const answer = await fetch(target + request.url!, {
        method: request.method!,
        headers: Object.fromEntries(
          ['content-type', 'content-encoding', 'authorization'].flatMap((name) => {
            const value = request.headers[name]
            return typeof value === 'string' ? [[name, value]] : []
          }),
        ),
        ...(body.length > 0 && { body: new Uint8Array(body) }),
      })
      if (answer.status === 204 && request.url!.startsWith('/write'))
        lines.push(...(zipped ? gunzipSync(body) : body).toString().split('\n').filter(Boolean))
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' })
      response.end(Buffer.from(await answer.arrayBuffer()))
    })().catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lines,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** A line at another instant. @param backMs  so much earlier */
export function earlier(line: string, backMs: number): string {
  const end = line.lastIndexOf(' ')
  return `${line.slice(0, end)} ${BigInt(line.slice(end + 1)) - BigInt(backMs) * 1_000_000n}`
}
