import assert from 'node:assert/strict'
import { rememberedMute, rememberingMute } from './sound-choice.ts'

describe('whether alarms are heard', () => {
  it('is remembered by the browser', () => {
    for (const isMuted of [true, false]) assert.equal(rememberedMute(`a=1; ${rememberingMute(isMuted)}`), isMuted)
  })
  it('is so until somebody mutes them', () => {
    assert.equal(rememberedMute(''), false)
    assert.equal(rememberedMute('my_lv_sound=off'), false)
  })
})
