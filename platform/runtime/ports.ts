import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { StartError } from './start-error.ts'

/**
 * Makes sure that we can listen on each port.
 * @param ports     by the variable that sets it
 * @param patienceMs  parts of a killed instance may need a moment to end
 * @throws StartError that names port and variable
 */
export async function requireFreePorts(
  host: string,
  ports: Readonly<Record<string, number>>,
  patienceMs: number,
): Promise<void> {
  const byPort = new Map<number, string>()
  const deadline = Date.now() + patienceMs
  for (const [variable, port] of Object.entries(ports)) {
    const other = byPort.get(port)
    if (other) throw new StartError(`${variable} and ${other} are both ${port}: set one of them to another port`)
    byPort.set(port, variable)
    let problem = await tryListening(host, port)
    while (problem === 'EADDRINUSE' && Date.now() < deadline) {
      await sleep(200)
      problem = await tryListening(host, port)
    }
    if (problem !== undefined)
      throw new StartError(`${messageFor(problem, host, port)}: set ${variable} to another port`)
  }
}

function messageFor(code: string, host: string, port: number): string {
  if (code === 'EADDRINUSE') return `port ${port} is in use by another program`
  if (code === 'EACCES') return `port ${port} may not be used by this user`
  return `port ${port} of BIND_ADDRESS ${host} cannot be listened on (${code})`
}

async function tryListening(host: string, port: number): Promise<string | undefined> {
  const server = createServer()
  try {
    server.listen(port, host)
    await once(server, 'listening')
    server.close()
    await once(server, 'close')
    return undefined
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? (error as Error).message
  }
}

/**
 * A port of 127.0.0.1 that nobody uses now, outside the range from which an operating system takes ports for outgoing
 * connections: one of these could have it between this answer and its use.
 */
export async function freePort(): Promise<number> {
  for (let tries = 1; tries <= 100; tries++) {
    const port = randomInt(15_000, 32_000)
    if ((await tryListening('127.0.0.1', port)) === undefined) return port
  }
  throw new Error('no port of 127.0.0.1 is free between 15000 and 32000')
}
