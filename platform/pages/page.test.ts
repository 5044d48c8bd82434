import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Identity } from '../access/identity.ts'
import { roles } from '../access/roles.ts'
import { faultPage } from './fault-page.ts'
import { dataOf } from './fields.ts'
import { html } from './html.ts'
import { landingPage } from './landing-page.ts'
import { languages } from './language.ts'
import { loginPage } from './login-page.ts'
import { logoutPage } from './logout-page.ts'
import { oidcDonePage, oidcRefusedPage } from './oidc-pages.ts'
import { page, type Reader } from './page.ts'
import { passwordPage } from './password-page.ts'
import { texts } from './texts.ts'

const maria: Identity = { username: 'maria', role: 'operator', sessionId: 's', expiresAt: 0, sessionEndsAt: 0 }

const login = { next: '/dashboard?a=1&b=2', notice: 'ended', byProvider: true } as const
const written: Readonly<Record<string, (reader: Reader) => string>> = {
  landing: landingPage,
  login: (reader) => loginPage(reader, login),
  logout: logoutPage,
  password: passwordPage,
  'login refused': (reader) => oidcRefusedPage(reader, 'no_role'),
  'login done': (reader) => oidcDonePage(reader, '/dashboard'),
  'not now': (reader) => faultPage(reader, 'away'),
  'not for this role': (reader) => faultPage(reader, 'noRight'),
  'editor off': (reader) => faultPage(reader, 'editorOff'),
  'nothing here': (reader) => faultPage(reader, 'nothingHere'),
}

/** Values of an attribute throughout a page. */
const all = (text: string, attribute: string): string[] =>
  [...text.matchAll(new RegExp(` ${attribute}="([^"]*)"`, 'g'))].map(([, value]) => value!)

for (const [name, write] of Object.entries(written)) {
  describe(`the page ${name}`, () => {
    for (const language of languages)
      for (const identity of [undefined, maria]) {
        const text = write({ language, identity })

        describe(`in ${language}, ${identity ? 'logged in' : 'logged out'}`, () => {
          it('says its language, what it is, and leaves nothing out', () => {
            assert.match(text, new RegExp(`^<!doctype html>\\s*<html lang="${language}">`))
            assert.match(text, /<title>[^<]*Linha Viva<\/title>/)
            assert.equal(text.match(/<h1\b/g)?.length, 1)
            assert.doesNotMatch(text, /undefined|\[object|NaN|\$\{/)
          })

          it('names every control to who cannot see it', () => {
            const ids = all(text, 'id')
            assert.equal(new Set(ids).size, ids.length, 'an id stands once')
            for (const attribute of ['for', 'aria-controls', 'aria-labelledby', 'aria-describedby'])
              for (const id of all(text, attribute)) assert.ok(ids.includes(id), `${attribute}="${id}"`)
            for (const [input] of text.matchAll(/<input[^>]*>/g))
              assert.ok(/ hidden/.test(input) || all(text, 'for').includes(all(input, 'id')[0]!), input)
            for (const [button, inside] of text.matchAll(/<button[^>]*>([^]*?)<\/button>/g))
              assert.ok(/ aria-label="[^"]+"/.test(button) || /\w/.test(inside!.replaceAll(/<[^>]*>/g, '')), button)
          })

          it('shows who is logged in and how to leave, or neither', () => {
            assert.equal(text.includes('<b>maria</b>'), identity !== undefined)
            if (!identity) assert.doesNotMatch(text, /data-log-out/)
          })
        })
      }
  })
}

describe('a page', () => {
  const plain = { title: 'T', main: html`<h1>T</h1>` }

  it('takes names for text, whatever is in them (property)', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.constantFrom(...roles), (username, role) => {
        const text = landingPage({ language: 'en-US', identity: { ...maria, username: `<i>"${username}`, role } })
        assert.doesNotMatch(text, /<i>/)
        assert.equal(text.match(/<script/g)?.length, 1)
      }),
    )
  })

  it('goes on to where it is told, as text of an attribute', () => {
    const text = page({ language: 'en-US', identity: undefined }, { ...plain, goOnTo: '/a?b=1&c="' })
    assert.match(text, /<meta http-equiv="refresh" content="0;url=\/a\?b=1&amp;c=&quot;"/)
    assert.doesNotMatch(page({ language: 'en-US', identity: undefined }, plain), /refresh/)
  })

  it('gives its script what it has to say as attributes', () => {
    assert.equal(
      dataOf({ tooMany: 'Too <many>', wait: '{seconds} s' }).text,
      ' data-too-many="Too &lt;many&gt;" data-wait="{seconds} s"',
    )
  })
})

describe('the texts of the pages', () => {
  const told = (value: unknown, path = ''): string[] =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([name, inner]) => told(inner, `${path}.${name}`))
      : [`${path} ${typeof value === 'function' ? (value as (name: string) => string)('X') : String(value)}`]
  const paths = (language: (typeof languages)[number]): string[] =>
    told(texts[language]).map((line) => line.split(' ', 1)[0]!)

  it('are the same in every language, and none is empty', () => {
    assert.deepEqual(paths('pt-BR'), paths('en-US'))
    for (const line of [...told(texts['pt-BR']), ...told(texts['en-US'])]) assert.match(line, /^\S+ .*[\p{L}]/u, line)
  })

  it('tell how long to wait, and whom they speak to', () => {
    for (const language of languages) {
      assert.match(texts[language].forms.wait, /\{seconds\}/)
      assert.match(texts[language].landing.welcome('Maria'), /Maria/)
      assert.match(texts[language].logout.ask('Maria'), /Maria/)
    }
  })
})
