import assert from 'node:assert/strict'
import { Type } from '@sinclair/typebox'
import { describe, it } from 'mocha'
import type { Services } from '../http/services.ts'
import { readEnvironment } from '../runtime/environment.ts'
import type { ApprovalKind } from './approval.ts'
import { kindsByName, providedKinds, provideApprovalKinds } from './kinds.ts'

const kindNamed = (kind: string): ApprovalKind => ({
  kind,
  summary: 'a test',
  body: Type.Object({}),
  right: { propose: 'operate', decide: 'approve' },
  effect: async () => ({ deltaBrl: 0 }),
  apply: async () => undefined,
})

describe('kinds of approval', () => {
  it('of an area are there once it told them, made once, also when it tells them twice', () => {
    let made = 0
    const make = () => {
      made++
      return [kindNamed('test/provided')]
    }
    // Areas of other suites may be among the makers.
    const services = { environment: readEnvironment({}) } as Services
    assert.ok(!providedKinds(services).has('test/provided'))
    provideApprovalKinds(make)
    provideApprovalKinds(make)
    assert.ok(providedKinds(services).has('test/provided'))
    assert.ok(providedKinds(services).has('test/provided'))
    assert.equal(made, 1)
  })

  it('have each a name of their own', () =>
    assert.throws(
      () => kindsByName([kindNamed('test/one'), kindNamed('test/one')]),
      /two kinds of approval are named test\/one/,
    ))
})
