import assert from 'node:assert/strict'
import {
  type AccessRow,
  claimText,
  firstLimit,
  newestOf,
  nextLimit,
  type QuarantineEntry,
  type User,
  userChange,
  waysBack,
} from './system-answers.ts'

const row = (id: string, minute: number): AccessRow => ({
  ...{ id, at: new Date(Date.UTC(2026, 10, 21, 12, minute)).toISOString(), event: 'deploy' },
  ...{ username: 'engineer', address: null, detail: null },
})
const idsOf = (rows: readonly AccessRow[]): string[] => rows.map(({ id }) => id)

describe('rows of the access log of several events', () => {
  it('stand in one list, the newest first', () => {
    const deploys = { rows: [row('c', 9), row('a', 1)], isWhole: true }
    assert.deepEqual(idsOf(newestOf([deploys, { rows: [row('b', 4)], isWhole: true }])), ['c', 'b', 'a'])
    assert.deepEqual(newestOf([{ rows: [], isWhole: true }]), [])
  })

  it('leave out what is older than a list goes back', () => {
    const deploys = { rows: [row('c', 9), row('a', 1)], isWhole: true }
    assert.deepEqual(idsOf(newestOf([deploys, { rows: [row('b', 4)], isWhole: false }])), ['c', 'b'])
  })
})

describe('what a device says of itself', () => {
  it('is said name by name, without what is empty', () => {
    const claim = { deviceId: 'pv-666', derType: 'pv', pMaxKw: 5, location: null, isPhysical: true }
    assert.equal(claimText(claim), 'derType pv · pMaxKw 5 · isPhysical true')
    assert.equal(claimText(null), '')
  })
})

describe('how many are shown', () => {
  it('grows to what a page of the API has', () => {
    assert.equal(nextLimit(firstLimit), 200)
    assert.equal(nextLimit(1_000), 1_000)
  })
})

describe('a change of a user', () => {
  const user: User = {
    ...{ username: 'maria', role: 'viewer', disabled: false, origin: 'api' },
    ...{ createdAt: '2026-11-21T12:00:00Z', changedAt: '2026-11-21T12:00:00Z' },
  }

  it('names what is to change only', () => {
    assert.deepEqual(userChange(user, { role: 'viewer', password: '', mayLogIn: true }), {})
    assert.deepEqual(userChange(user, { role: 'operator', password: '', mayLogIn: false }), {
      role: 'operator',
      disabled: true,
    })
    assert.deepEqual(userChange({ ...user, disabled: true }, { role: 'viewer', password: 'x', mayLogIn: true }), {
      password: 'x',
      disabled: false,
    })
  })
})

describe('the way back of a message that was kept out', () => {
  const entry: QuarantineEntry = {
    ...{
      quarantineId: 1,
      receivedAt: '2026-11-21T12:00:00Z',
      replayedAt: null,
      regulated: false,
      replayApprovalId: null,
    },
    ...{
      reason: 'bad_json',
      deviceId: 'pv-001',
      topic: 't',
      detail: null,
      payload: '{',
      encoding: 'text',
      withheld: false,
    },
  }

  it('is a replay, of a meter or a switch once two persons have agreed', () => {
    assert.equal(waysBack(entry), 'replay')
    assert.equal(waysBack({ ...entry, regulated: true }), 'propose')
    assert.equal(waysBack({ ...entry, regulated: true, replayApprovalId: 7 }), 'replay')
    assert.equal(waysBack({ ...entry, replayedAt: '2026-11-21T12:01:00Z' }), 'none')
  })
})
