import assert from 'node:assert/strict'
import { accessFiles } from './access-files.ts'
import { brokerUsers } from './rights.ts'

describe('access files of other brokers', () => {
  const mosquitto = accessFiles().get('mosquitto/access.acl')!
  const emqx = accessFiles().get('emqx/access.acl')!
  const section = (user: string): string =>
    mosquitto.split(/^(?=user |# A device)/m).find((part) => part.startsWith(`user ${user}\n`))!

  it('grant in mosquitto what only the dispatcher may publish to the dispatcher', () => {
    const granted = (user: string): boolean =>
      /^topic (read)?write (der\/control|grid\/(commands|alarms))/m.test(section(user))
    assert.deepEqual(brokerUsers.filter(granted), ['dispatcher'])
    assert.match(section('dispatcher'), /^topic readwrite grid\/commands\/#$/m)
  })

  it('deny before they grant, to every user of the platform what a device of its name would have', () => {
    for (const user of brokerUsers) {
      const lines = section(user).trim().split('\n')
      assert.ok(lines.includes(`topic deny der/telemetry/${user}`))
      const last = lines.findLastIndex((line) => line.startsWith('topic deny'))
      assert.ok(lines.slice(1, last).every((line) => line.startsWith('topic deny')))
      assert.ok(emqx.indexOf(`{deny, {user, "${user}"}`) < emqx.indexOf(`{allow, {user, "${user}"}`))
    }
  })

  it('end, for EMQX, with a refusal of all the rest', () => assert.match(emqx, /\{deny, all\}\.\n$/))

  it('name no wildcard user, and nobody who is not known', () => {
    const named = [...mosquitto.matchAll(/^user (.*)$/gm)].map(([, user]) => user)
    assert.deepEqual(named, [...brokerUsers])
    assert.doesNotMatch(mosquitto, /^topic (read)?write #$/m)
  })
})
