import assert from 'node:assert/strict'
import fc from 'fast-check'
import { roles } from '../roles.ts'
import { userOf, type ClaimRules } from './claims.ts'
import { OidcRefusal } from './refusal.ts'

const plain: ClaimRules = { roleClaim: 'role', usernameClaim: 'preferred_username' }
const maria = { sub: 'c0ffee', preferred_username: 'maria', role: 'operator' }

describe('who logs in by the claims of a provider', () => {
  it('is the name and the role that they say', () =>
    assert.deepEqual(userOf(maria, plain), { username: 'maria', role: 'operator', subject: 'c0ffee' }))

  for (const [path, claims] of [
    ['realm_access.roles', { realm_access: { roles: ['offline_access', 'operator'] } }],
    ['https://operations.example/role', { 'https://operations.example/role': 'operator' }],
    ['groups', { groups: ['viewer', 'operator', 'staff'] }],
  ] as const)
    it(`finds the role at ${path}`, () =>
      assert.equal(userOf({ ...maria, role: undefined, ...claims }, { ...plain, roleClaim: path }).role, 'operator'))

  it('takes what the claim says for what the map says it stands for', () => {
    const rules = { ...plain, roleMap: { 'cn=dispatch': 'operator', 'cn=it': 'admin' } } as const
    assert.equal(userOf({ ...maria, role: 'cn=dispatch' }, rules).role, 'operator')
    assert.equal(userOf({ ...maria, role: ['cn=dispatch', 'cn=it'] }, rules).role, 'admin')
    // With a map, nothing else is a role, not even its name.
    assert.throws(() => userOf({ ...maria, role: 'admin' }, rules), { reason: 'no_role' })
    assert.throws(() => userOf({ ...maria, role: 'constructor' }, rules), { reason: 'no_role' })
  })

  for (const role of [undefined, null, '', 'Admin', 'root', 7, true, {}, { admin: true }, [], ['root', 7], [['admin']]])
    it(`refuses the role ${JSON.stringify(role)}`, () =>
      assert.throws(() => userOf({ ...maria, role }, plain), { name: 'OidcRefusal', reason: 'no_role' }))

  for (const name of [
    undefined,
    null,
    '',
    ' ',
    ' maria',
    'maria ',
    'ma\nria',
    'ma\u202eria',
    'x'.repeat(101),
    7,
    ['maria'],
    'María',
    'ma ria',
    '-maria',
  ])
    it(`refuses the name ${JSON.stringify(name)?.slice(0, 30)}`, () =>
      assert.throws(() => userOf({ ...maria, preferred_username: name }, plain), { reason: 'no_username' }))

  for (const name of ['m', 'Maria.Jose', 'maria@operations.example', 'x'.repeat(100)])
    it(`takes the name ${name.slice(0, 30)}`, () =>
      assert.equal(userOf({ ...maria, preferred_username: name }, plain).username, name))

  it('refuses claims without a subject', () =>
    assert.throws(() => userOf({ ...maria, sub: undefined }, plain), { reason: 'no_username' }))

  it('gives no role that no claim names, and never fails otherwise (property)', () =>
    fc.assert(
      fc.property(fc.object({ maxDepth: 2 }), fc.string(), (claims, roleClaim) => {
        try {
          const { role } = userOf({ ...claims, sub: 's', preferred_username: 'm' }, { ...plain, roleClaim })
          assert.ok(roles.includes(role) && JSON.stringify(claims).includes(role))
        } catch (error) {
          assert.ok(error instanceof OidcRefusal, String(error))
        }
      }),
    ))
})
