import assert from 'node:assert/strict'
import type { Role } from '../access/roles.ts'
import { destination, placesOf } from './places.ts'

const as = (role: Role) => ({ username: 'maria', role, sessionId: 's', expiresAt: 0, sessionEndsAt: 0 })

describe('places', () => {
  for (const [role, paths] of [
    ['viewer', ['/dashboard', '/api/docs', '/api/health']],
    ['operator', ['/dashboard', '/api/docs', '/api/health']],
    ['engineer', ['/dashboard', '/editor', '/api/docs', '/api/health']],
    ['admin', ['/dashboard', '/editor', '/api/docs', '/api/health']],
  ] as const)
    it(`shows a ${role} ${paths.join(', ')}`, () =>
      assert.deepEqual(
        placesOf(as(role)).map(({ path }) => path),
        paths,
      ))

  for (const [role, next, end] of [
    ['viewer', undefined, '/dashboard'],
    ['operator', undefined, '/dashboard'],
    ['engineer', undefined, '/editor'],
    ['admin', undefined, '/'],
    ['viewer', '/dashboard/field?x=1', '/dashboard/field?x=1'],
    ['viewer', '/editor', '/dashboard'],
    ['operator', '/editor/?x#y', '/dashboard'],
    ['engineer', '/editor/#flow', '/editor/#flow'],
    ['viewer', '/api/docs/', '/api/docs/'],
    ['viewer', '/editorial', '/editorial'],
    ['admin', '/', '/'],
  ] as const)
    it(`takes a ${role} who wanted ${next ?? 'nothing in particular'} to ${end}`, () =>
      assert.equal(destination(as(role), next), end))
})
