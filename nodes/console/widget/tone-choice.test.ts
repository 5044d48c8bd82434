import assert from 'node:assert/strict'
import { rememberedTone, rememberingTone } from './tone-choice.ts'

describe('the tone that was chosen', () => {
  it('is kept in a cookie', () => {
    const kept = rememberingTone('dark')
    assert.match(kept, /^lv_tone=dark; Path=\/; Max-Age=\d+; SameSite=Lax$/)
    assert.equal(rememberedTone(`lv_language=pt-BR; ${kept.split(';')[0]}`), 'dark')
  })

  it('is none where there is no cookie, or nonsense in it', () => {
    for (const cookies of ['', 'xlv_tone=dark', 'lv_tone=pink']) assert.equal(rememberedTone(cookies), undefined)
  })
})
