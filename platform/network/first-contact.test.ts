import assert from 'node:assert/strict'
import { decideContact, isStranger } from './first-contact.ts'

describe('first contact', () => {
  const claims = [
    { deviceId: 'sw-1' },
    { deviceId: 'pv-1', kind: 'der' },
    { deviceId: 'sw-1', kind: 'switch' },
  ] as const

  it('registers each device once, by the claim that says its kind', () =>
    assert.deepEqual(decideContact(claims, 'register', 0), {
      admitted: [
        { deviceId: 'sw-1', kind: 'switch' },
        { deviceId: 'pv-1', kind: 'der' },
      ],
      status: 'active',
    }))

  it('holds them for approval where the installation says so', () =>
    assert.equal((decideContact(claims, 'approve', 0) as { status: string }).status, 'pending'))

  it('registers nobody where it says so, nor beyond the limit', () => {
    assert.equal(decideContact(claims, 'quarantine', 0), 'unknown_device')
    assert.equal(decideContact(claims, 'register', 200_000), 'registration_limit')
  })

  it('a device known by its presence only is a stranger once it says its kind', () => {
    const known = { deviceKey: 1, deviceId: 'sw-1', status: 'active' } as const
    assert.equal(isStranger({ deviceId: 'sw-1' }, known), false)
    assert.equal(isStranger({ deviceId: 'sw-1', kind: 'switch' }, known), true)
    assert.equal(isStranger({ deviceId: 'sw-1', kind: 'switch' }, { ...known, kind: 'switch' }), false)
    assert.equal(isStranger({ deviceId: 'sw-1' }, undefined), true)
  })
})
