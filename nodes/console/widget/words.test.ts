import assert from 'node:assert/strict'
import { defineComponent, h } from 'vue'
import { mountUnseen } from './mounting.fixture.ts'
import { provideSpeech, type Speech, useSpeech } from './words.ts'

describe('speech', () => {
  it('is one for all parts of the screen, and changes for all at once', () => {
    const page = { cookie: '' }
    let outer: Speech | undefined
    let inner: Speech | undefined
    const Part = defineComponent(() => {
      inner = useSpeech()
      return () => null
    })
    const takeDown = mountUnseen(
      defineComponent(() => {
        outer = provideSpeech(page)
        return () => h(Part)
      }),
    )
    assert.ok(outer && inner)
    outer.speak('pt-BR')
    assert.equal(inner.words.value.title, 'Visão do campo')
    assert.equal(inner.formats.value.tenths(1.5), '1,5')
    assert.equal(inner.reasonText('too_old'), 'Data e hora antigas demais')
    outer.speak('en-US')
    assert.equal(inner.words.value.title, 'Field overview')
    assert.equal(inner.reasonText('too_old'), 'Timestamp too old')
    assert.match(page.cookie, /^lv_language=en-US;/)
    takeDown()
  })
})
