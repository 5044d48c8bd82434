import assert from 'node:assert/strict'
import fc from 'fast-check'
import { roles } from './roles.ts'
import {
  faultOfHash,
  looksLikeHash,
  parseUserEntries,
  UserEntryError,
  weaknessOfPassword,
  weaknessOfSecret,
} from './user-entries.ts'

const strong = 'Correct-Horse-7'
const admin = { username: 'admin', password: strong, role: 'admin' }
const bcrypt = (cost: string): string => `$2b$${cost}$${'a'.repeat(53)}`
const scrypt = `$scrypt$${'s'.repeat(22)}$${'k'.repeat(43)}`

describe('parseUserEntries', () => {
  it('reads users with passwords and with hashes, in either field', () => {
    const entries = [
      admin,
      { username: 'ana.souza@example.com', passwordHash: bcrypt('12'), role: 'operator' },
      { username: 'b', password: scrypt, role: 'viewer' },
    ]
    assert.deepEqual(parseUserEntries(JSON.stringify(entries), true), [
      admin,
      { username: 'ana.souza@example.com', password: bcrypt('12'), role: 'operator' },
      { username: 'b', password: scrypt, role: 'viewer' },
    ])
  })

  for (const [entries, message] of [
    ['{', 'is no JSON: it takes an array of {"username", "password", "role"}'],
    [{}, 'is no array: it takes [{"username", "password", "role"}, …]'],
    [[], 'is an empty array: it takes one user at least'],
    [Array.from({ length: 201 }, () => admin), 'has 201 entries: it takes 200 at most'],
    [[admin, null], 'entry 2 is no object: it takes {"username", "password", "role"}'],
    [[{ ...admin, rôle: 'x' }], 'entry 1: "rôle" is no field of a user'],
    [[{ ...admin, username: undefined }], 'entry 1: username is missing: it takes 1 to 100 letters, digits'],
    [[{ ...admin, username: 'a b' }], 'entry 1: username is "a b": it takes 1 to 100'],
    [[{ ...admin, username: 7 }], 'entry 1: username is no text: it takes'],
    [[{ ...admin, role: 'root' }], 'entry 1 (admin): role is "root": it is none of viewer, operator, engineer, admin'],
    [[{ ...admin, role: undefined }], 'entry 1 (admin): role is missing: it is none of'],
    [[{ ...admin, password: undefined }], 'entry 1 (admin): password is missing'],
    [[{ ...admin, password: '' }], 'entry 1 (admin): password is missing'],
    [[{ ...admin, passwordHash: scrypt }], 'entry 1 (admin): password and passwordHash are both given'],
    [[{ ...admin, password: 'x'.repeat(1001) }], 'entry 1 (admin): password is longer than 1000 characters'],
    [[{ ...admin, password: '$argon2id$v=19$m=1$a$b' }], 'entry 1 (admin): password is a hash of no known form'],
    [[{ ...admin, password: bcrypt('05') }], 'entry 1 (admin): password is a bcrypt hash of cost 5: it takes 10 to 12'],
    [[{ username: 'a', passwordHash: 'plain', role: 'admin' }], 'entry 1 (a): passwordHash is a hash of no known form'],
    [[admin, { ...admin, username: 'ADMIN' }], 'entry 2: username "ADMIN" is also that of entry 1'],
    [[{ ...admin, role: 'engineer' }], 'names no user with the role admin: nobody could administer'],
  ] as const) {
    it(`refuses in one line: ${message}`, () => {
      const text = typeof entries === 'string' ? entries : JSON.stringify(entries)
      assert.throws(
        () => parseUserEntries(text, false),
        (error: unknown) =>
          error instanceof UserEntryError &&
          error.message.startsWith(message) &&
          !error.message.includes('\n') &&
          !error.message.includes(strong),
      )
    })
  }

  it('asks for a strong password in production only, names who has a weak one, and never shows it', () => {
    const text = JSON.stringify([admin, { username: 'ana', password: 'Secret-7', role: 'viewer' }])
    assert.equal(parseUserEntries(text, false).length, 2)
    assert.throws(() => parseUserEntries(text, true), {
      message: 'entry 2 (ana): password is too weak: it lacks 12 characters (a hash can be given instead)',
    })
  })

  it('says nothing of what it was given but names and roles (property)', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9]{8,20}$/)
    const text = fc.tuple(secret, fc.constantFrom('admin', 'root')).map(([password, role]) => ({
      password,
      text: `[{"username":"x","password":"${password}","role":"${role}"}]`,
    }))
    fc.assert(
      fc.property(text, fc.nat(80), ({ password, text }, cut) => {
        for (const given of [text, text.slice(0, cut), text.replace('"role"', `"${'role'.toUpperCase()}"`)]) {
          try {
            parseUserEntries(given, true)
          } catch (error) {
            assert.ok(error instanceof UserEntryError)
            assert.ok(!error.message.includes(password) && !error.message.includes('\n'), error.message)
          }
        }
      }),
    )
  })
})

describe('a strong password', () => {
  for (const [password, missing] of [
    [strong, undefined],
    ['Ção-pública-de-1', undefined],
    ['Correct-Horse', 'a number'],
    ['correct-horse-7', 'an upper case letter'],
    ['CORRECT-HORSE-7', 'a lower case letter'],
    ['CorrectHorse77', 'a symbol'],
    ['Correct Horse 7', 'a symbol'],
    ['Short-Horse7', undefined],
    ['Short-Hors7', '12 characters'],
    ['', '12 characters, a lower case letter, an upper case letter, a number, a symbol'],
  ] as const)
    it(`${JSON.stringify(password)} ${missing === undefined ? 'is one' : `lacks ${missing}`}`, () =>
      assert.equal(weaknessOfPassword(password), missing && `lacks ${missing}`))

  it('stays strong whatever is put to its end (property)', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (more) => weaknessOfPassword(strong + more) === undefined))
  })
})

describe('the secret of tokens', () => {
  for (const [secret, good] of [
    ['0f1e2d3c4b5a69788796a5b4c3d2e1f0', true],
    ['short', false],
    ['x'.repeat(64), false],
    ['abcdefghijkl'.repeat(4), false],
    ['0101010101010101010101010101010101', false],
  ] as const)
    it(`${secret} ${good ? 'is good' : 'is weak'}`, () => assert.equal(weaknessOfSecret(secret) === undefined, good))

  it('is weak when it is a shorter text again and again (property)', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 40 }), fc.integer({ min: 2, max: 9 }), (text, times) => {
        assert.notEqual(weaknessOfSecret(text.repeat(times)), undefined)
      }),
    )
  })

  it('is never shown', () => assert.ok(!weaknessOfSecret('abcdefghijkl'.repeat(4))!.includes('abc')))
})

describe('a hash of a password', () => {
  it('is known by its form', () => {
    for (const known of [scrypt, bcrypt('10'), bcrypt('11'), '$2a$12$' + '.'.repeat(53), '$2y$10$' + '/'.repeat(53)])
      assert.equal(faultOfHash(known), undefined, known)
    for (const other of ['$2x$10$' + 'a'.repeat(53), '$2b$10$short', '$scrypt$$', '$1$salt$hash', '', bcrypt('31')])
      assert.notEqual(faultOfHash(other), undefined, other)
  })

  it('is told from a password', () => {
    for (const hash of [scrypt, bcrypt('10'), '$argon2id$v=19$x', '$apr1$x$y']) assert.ok(looksLikeHash(hash))
    for (const password of ['$ecret-Word-1', '', '$', '$$', 'a$b$c', strong]) assert.ok(!looksLikeHash(password))
  })
})

describe('roles', () => {
  it('are those of an entry', () => {
    for (const role of roles)
      assert.equal(parseUserEntries(JSON.stringify([admin, { ...admin, username: 'x', role }]), true)[1]!.role, role)
  })
})
