import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { accessEntryOf, deployEntryOf } from './audit.ts'

const user = { username: 'ana', role: 'engineer', sessionId: 's', permissions: '*' }

describe('accessEntryOf', () => {
  it('says who deployed what from where', () =>
    assert.deepEqual(accessEntryOf({ event: 'flows.set', type: 'full', user, path: '/flows', ip: '10.0.0.9' }), {
      event: 'deploy',
      identity: user,
      address: '10.0.0.9',
      detail: 'type full, path /flows',
    }))

  for (const [event, kept] of [
    ['flow.add', 'flow_add'],
    ['flow.remove', 'flow_remove'],
    ['permission.fail', 'permission_fail'],
    ['comms.auth.fail', 'comms_auth_fail'],
    ['auth.login.revoke', 'auth_login_revoke'],
    ['auth.invalid-token', 'auth_invalid_token'],
    ['nodes.install', 'nodes_install'],
    ['nodes.info.set', 'nodes_info_set'],
    ['context.delete', 'context_delete'],
  ])
    it(`keeps ${event}`, () => assert.equal(accessEntryOf({ event })?.event, kept))

  for (const event of ['flows.get', 'nodes.list.get', 'comms.open', 'context.get', 'plugins.list.get', undefined])
    it(`does not keep ${event}`, () => assert.equal(accessEntryOf({ event }), undefined))
})

describe('deployEntryOf', () => {
  it('says who changed which flows', () =>
    assert.deepEqual(deployEntryOf({ user, changed: ['config.json', 'field.json'], removed: ['limit.json'] }), {
      event: 'flows_changed',
      identity: user,
      detail: 'changed config.json field.json, removed limit.json',
    }))

  it('says what it knows of somebody without a session, and of nobody', () => {
    assert.deepEqual(deployEntryOf({ user: { username: 'ana' }, changed: [], removed: ['limit.json'] }), {
      event: 'flows_changed',
      username: 'ana',
      detail: 'removed limit.json',
    })
    assert.equal(deployEntryOf({ user: undefined, changed: ['field.json'], removed: [] }).username, undefined)
  })
})
