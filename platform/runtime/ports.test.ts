import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { freePort, requireFreePorts } from './ports.ts'
import { StartError } from './start-error.ts'

describe('requireFreePorts', () => {
  let taken: Server
  let port: number
  beforeEach(async () => {
    taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    port = (taken.address() as AddressInfo).port
  })
  afterEach(() => taken.close())

  it('names port and variable of one in use, in one line', async () => {
    await assert.rejects(requireFreePorts('127.0.0.1', { MQTT_PORT: port }, 0), (error: unknown) => {
      assert.ok(error instanceof StartError)
      assert.equal(error.message, `port ${port} is in use by another program: set MQTT_PORT to another port`)
      return true
    })
  })

  it('waits for one that becomes free in time', async () => {
    const waiting = requireFreePorts('127.0.0.1', { PORT: port }, 10_000)
    setImmediate(() => taken.close())
    await waiting
  })

  it('refuses the same port for two', async () => {
    await assert.rejects(
      requireFreePorts('127.0.0.1', { PORT: 65_000, MQTT_PORT: 65_000 }, 0),
      /MQTT_PORT and PORT are both 65000/,
    )
  })

  it('names an address that is not of this machine', async () => {
    await assert.rejects(requireFreePorts('192.0.2.1', { PORT: port }, 0), /BIND_ADDRESS 192\.0\.2\.1/)
  })
})

describe('freePort', () => {
  it('names one to listen on, below those that outgoing connections take', async () => {
    const port = await freePort()
    assert.ok(port >= 15_000 && port < 32_000, String(port))
    await requireFreePorts('127.0.0.1', { PORT: port }, 0)
  })
})
