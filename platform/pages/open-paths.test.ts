import assert from 'node:assert/strict'
import { isOpenPage } from './open-paths.ts'

describe('the pages that are open to strangers', () => {
  for (const path of [
    '/',
    '/login',
    '/login/oidc',
    '/login/oidc/callback',
    '/logout',
    '/password',
    '/static/pages/pages.css',
  ])
    it(`${path} is one`, () => assert.ok(isOpenPage(path)))

  for (const path of ['/dashboard', '/loginx', '/logouts', '/static', '/editor', '/api', '//login', '/x/login', ''])
    it(`${path} is none`, () => assert.ok(!isOpenPage(path)))
})
