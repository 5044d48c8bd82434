import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { PathTree } from './path-tree.ts'

describe('a tree of paths', () => {
  const tree = new PathTree<string>()
  for (const path of [
    '/api/devices',
    '/api/devices/{deviceId}',
    '/api/devices/import',
    '/api/devices/{deviceId}/credential',
    '/api/devices/import/last',
  ])
    tree.at(path, () => path)

  const found = (path: string) => {
    const { value, parameters } = tree.find(path) ?? {}
    return value && [value, Object.fromEntries([...parameters!].map(([name, [text]]) => [name, text]))]
  }

  for (const [path, ...expected] of [
    ['/api/devices', '/api/devices', {}],
    ['/api/devices/', '/api/devices', {}],
    ['/api/devices/d-1', '/api/devices/{deviceId}', { deviceId: 'd-1' }],
    ['/api/devices/a%2Fb%20c', '/api/devices/{deviceId}', { deviceId: 'a/b c' }],
    ['/api/devices/import', '/api/devices/import', {}],
    ['/api/devices/import/last', '/api/devices/import/last', {}],
    ['/api/devices/import/credential', '/api/devices/{deviceId}/credential', { deviceId: 'import' }],
    ['/api/devices/__proto__', '/api/devices/{deviceId}', { deviceId: '__proto__' }],
  ] as const) {
    it(`finds ${path}`, () => assert.deepEqual(found(path), expected))
  }

  for (const path of [
    '/',
    '/api',
    '/api/devices//',
    '/api/devices/d-1/x',
    '/api/devices/d-1/credential/x',
    '/constructor',
  ])
    it(`finds nothing at ${path}`, () => assert.equal(found(path), undefined))

  it('makes one value a path', () =>
    assert.equal(
      tree.at('/api/devices', () => 'another'),
      '/api/devices',
    ))

  it('refuses two names for one parameter, and an encoding that is none', () => {
    assert.throws(() => tree.at('/api/devices/{id}', () => ''), /names its parameters other than/)
    assert.throws(() => tree.find('/api/devices/%E0%A4%A'), URIError)
  })
})
