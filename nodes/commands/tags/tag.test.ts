import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { shownTag, tagKinds } from './tag.ts'

describe('a tag for people', () => {
  it('says what it is, where it hangs, whose it is and on what paper', () => {
    const tag = {
      ...{ tagId: 7, kind: 'hot_line' as const, equipment: { kind: 'section' as const, id: 'a2' } },
      ...{ document: 'PT-12', reason: 'works', ownerId: 1, owner: 'ana', placedAt: 0 },
    }
    assert.deepEqual(shownTag(tag), {
      en: 'tag 7 (hot line, PT-12) of ana on a2',
      pt: 'etiqueta 7 (linha viva, PT-12) de ana em a2',
    })
    for (const kind of tagKinds) assert.doesNotMatch(shownTag({ ...tag, kind, document: null }).pt, /undefined|null/)
  })
})
