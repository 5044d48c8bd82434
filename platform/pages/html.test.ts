import assert from 'node:assert/strict'
import fc from 'fast-check'
import { html } from './html.ts'

describe('html', () => {
  it('takes what is put in for text', () =>
    assert.equal(html`<a title="${`"'`}">${'<script>&'}</a>`.text, '<a title="&quot;&#39;">&lt;script&gt;&amp;</a>'))

  it('takes its own for what it is, and lists piece by piece', () =>
    assert.equal(html`${['a', '<'].map((item) => html`<b>${item}</b>`)}`.text, '<b>a</b><b>&lt;</b>'))

  it('leaves out what is not there, and keeps zero', () => assert.equal(html`${undefined}${false}${0}${''}`.text, '0'))

  it('lets no text end where it stands (property)', () =>
    fc.assert(fc.property(fc.string(), (text) => !/[<>"']/.test(html`${text}`.text))))
})
