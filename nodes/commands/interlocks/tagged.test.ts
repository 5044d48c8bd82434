import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { commandTypes } from '../../../platform/wire/command.ts'
import { field, intended, said, tag, unit } from './surroundings.fixture.ts'
import { tagged } from './tagged.ts'

const forbidden = (of: Parameters<typeof intended>, surroundings: Parameters<typeof field>[0]) =>
  said(tagged, intended(...of), field(surroundings))

describe('a tag on what is commanded', () => {
  for (const [kind, allowed] of [
    ['work_permit', ['block_reclose', 'read_now']],
    ['do_not_operate', ['block_reclose', 'read_now']],
    ['hot_line', ['open', 'trip', 'block_reclose', 'disconnect', 'set_limit', 'set_point', 'curtail', 'read_now']],
    [
      'reclose_blocked',
      [
        ...(['open', 'close', 'trip', 'block_reclose', 'connect', 'disconnect'] as const),
        ...(['set_limit', 'set_point', 'curtail', 'read_now'] as const),
      ],
    ],
  ] as const)
    it(`${kind} leaves ${allowed.length} types of command, and names itself to the others`, () => {
      const tags = [tag(kind, 'device', 'dev-1')]
      const left = commandTypes.filter((type) => forbidden([type, 'dev-1'], { tags }).length === 0)
      assert.deepEqual(left, [...allowed])
      const [why] = forbidden(['reboot', 'dev-1'], { tags })
      assert.match(why!, /^tag \d+ \(.+\) of ana on dev-1 forbids reboot$/)
    })

  it('says each of several tags', () => {
    const tags = [tag('work_permit', 'switch', 'sw-a'), tag('do_not_operate', 'switch', 'sw-a')]
    assert.equal(forbidden(['open', 'sw-a'], { tags }).length, 2)
  })

  it('a section of the same name is another thing', () => {
    assert.deepEqual(forbidden(['reboot', 'x'], { tags: [tag('do_not_operate', 'section', 'x')] }), [])
  })
})

describe('a tag on a section', () => {
  for (const kind of ['work_permit', 'hot_line', 'do_not_operate'] as const) {
    it(`${kind}: nothing closes onto it, from whichever side and however far away`, () => {
      const isolated = { 'sw-a': '', 'fu-a': '', tie: '', 'src-a': '', 'src-b': '', 'sw-b': '' }
      const tags = [tag(kind, 'section', 'a2')]
      for (const id of ['sw-a', 'tie', 'fu-a'])
        assert.equal(forbidden(['close', id], { tags, closed: isolated }).length, 1, id)
      // Behind closed switches the source's breaker leads there, too.
      assert.equal(forbidden(['close', 'src-a'], { tags, closed: { ...isolated, 'sw-a': 'ABC' } }).length, 1)
      assert.equal(forbidden(['close', 'sw-b'], { tags, closed: { ...isolated, tie: 'ABC' } }).length, 1)
      assert.equal(forbidden(['close', 'src-a'], { tags, closed: isolated }).length, 0)
    })
    it(`${kind}: a switch that may be closed is part of the way, in one phase as in three`, () => {
      const tags = [tag(kind, 'section', 'a3')]
      assert.equal(forbidden(['close', 'sw-a'], { tags, closed: { 'sw-a': '', 'fu-a': 'B' } }).length, 1)
    })
  }

  it('names the way and the tag', () => {
    const tags = [tag('work_permit', 'section', 'a2')]
    const [why] = tagged.forbids(intended('close', 'sw-a'), field({ tags, closed: { 'sw-a': '' } }))
    assert.match(why!.en, /^closing sw-a makes a path to section a2: tag \d+ \(work permit\) of ana on a2$/)
    assert.match(
      why!.pt,
      /^fechar sw-a abre caminho até o trecho a2: etiqueta \d+ \(permissão de trabalho\) de ana em a2$/,
    )
  })

  it('opening takes nothing to it', () => {
    assert.deepEqual(forbidden(['open', 'sw-a'], { tags: [tag('work_permit', 'section', 'a2')] }), [])
  })

  it('reclose blocked lets close by hand, and keeps every switch of the island from reclosing', () => {
    const tags = [tag('reclose_blocked', 'section', 'a3')]
    assert.deepEqual(forbidden(['close', 'fu-a'], { tags, closed: { 'fu-a': '' } }), [])
    for (const type of ['unblock_reclose', 'reboot'] as const) {
      assert.equal(forbidden([type, 'sw-a'], { tags }).length, 1, type)
      assert.equal(forbidden([type, 'sw-b'], { tags }).length, 0, type)
    }
  })

  it('hot line keeps reclosing blocked, too', () => {
    const tags = [tag('hot_line', 'section', 'a3')]
    assert.equal(forbidden(['unblock_reclose', 'src-a'], { tags }).length, 1)
    assert.equal(forbidden(['block_reclose', 'src-a'], { tags }).length, 0)
  })
})

describe('a tag on a switch', () => {
  it('work permit: its dead side stays dead, and its live side is nobody’s concern', () => {
    const tags = [tag('work_permit', 'switch', 'fu-a')]
    assert.deepEqual(forbidden(['close', 'tie'], { tags }), [], 'a2 is live: the crew keeps away from it')
    const dead = { 'sw-a': '', tie: '' }
    assert.equal(forbidden(['close', 'sw-a'], { tags, closed: dead }).length, 1)
    assert.equal(forbidden(['close', 'tie'], { tags, closed: dead }).length, 1)
  })

  it('hot line: nothing closes onto either of its sides', () => {
    const tags = [tag('hot_line', 'switch', 'fu-a')]
    assert.equal(forbidden(['close', 'tie'], { tags }).length, 1)
  })

  it('do not operate says nothing of what is on both sides', () => {
    const tags = [tag('do_not_operate', 'switch', 'tie')]
    assert.deepEqual(forbidden(['close', 'sw-a'], { tags, closed: { 'sw-a': '' } }), [])
  })
})

describe('an earth switch', () => {
  it('is not opened where its section, or what hangs together with it, is under work', () => {
    for (const at of ['a2', 'a3']) {
      const tags = [tag('work_permit', 'section', at)]
      assert.equal(forbidden(['open', 'es-a2'], { tags, closed: { 'sw-a': '', 'es-a2': 'ABC' } }).length, 1, at)
    }
    const elsewhere = [tag('work_permit', 'section', 'b2')]
    assert.deepEqual(forbidden(['open', 'es-a2'], { tags: elsewhere, closed: { 'sw-a': '' } }), [])
  })
})

describe('a meter', () => {
  it('does not connect what may generate to a section under work', () => {
    const units = [unit()]
    assert.equal(forbidden(['connect', 'm-1'], { units, tags: [tag('work_permit', 'section', 'a2')] }).length, 1)
    assert.deepEqual(forbidden(['connect', 'm-1'], { units, tags: [tag('work_permit', 'section', 'b2')] }), [])
    assert.deepEqual(forbidden(['disconnect', 'm-1'], { units, tags: [tag('work_permit', 'section', 'a2')] }), [])
  })
})
