import { ChildProcess } from 'node:child_process'
import dgram from 'node:dgram'
import dns from 'node:dns'
import net from 'node:net'

/**
 * Closes this process to the outside: no connection, no server, no datagram, no name looked up, no program started.
 * Nodes that would do so are stood in for anyway; this is for those that nobody thought of.
 */
export function closeProcess(): void {
  const refuse = (what: string) => (): never => {
    throw new Error(`a trial reaches nothing outside: ${what} is refused`)
  }
  Object.assign(net.Socket.prototype, { connect: refuse('a connection') })
  Object.assign(net.Server.prototype, { listen: refuse('a server') })
  Object.assign(dgram.Socket.prototype, { send: refuse('a datagram'), bind: refuse('a datagram socket') })
  Object.assign(dns, { lookup: refuse('a name lookup'), resolve: refuse('a name lookup') })
  Object.assign(ChildProcess.prototype, { spawn: refuse('a program') })
}
