import assert from 'node:assert/strict'
import type { Binding } from './allocation/allocation.ts'
import { explanation, type Explained } from './explain.ts'
import { noon } from './observed-device.fixture.ts'
import type { ShareDetail } from './orders.ts'

const at = (instant: number, language: string) => `${language} ${new Date(instant).toISOString().slice(11, 16)}`
const detail: ShareDetail = {
  ...{
    kind: 'ev',
    phases: 'ABC',
    ratedKw: 7.4,
    fromKw: 0,
    untilKw: 7.4,
    wantedKw: 7.4,
    leastOnKw: 1.4,
    contractedKw: 0,
  },
  ...{ weight: 1, held: null, binding: { kind: 'wanted' }, marginalPrice: null, isSpared: false, lost: null },
  ...{ measuredKw: 3, soc: null, energyNeededKwh: null, departsAt: null, priority: null },
}
const of = (given: Partial<ShareDetail>, other: Partial<Explained> = {}) =>
  explanation(
    {
      ...{ deviceId: 'ev-1', path: ['f-1', 'f-0'], left: null, feeders: [] },
      share: { powerKw: 3.25, deficitKw: 4.15, toldKw: 3.25, toldUntil: noon, detail: { ...detail, ...given } },
      ...other,
    },
    at,
  )
const bound = (binding: Binding, given: Partial<ShareDetail> = {}) => of({ ...given, binding })

describe('why a device has its setpoint', () => {
  it('is said in each language, with its numbers', () => {
    assert.deepEqual(of({}), {
      en: 'ev-1 is to follow 3.25 kW until en 15:00; it wants 7.4 kW. It gets all it wants: no limit stands in its way.',
      pt: 'ev-1 deve seguir 3,25 kW até pt 15:00; quer 7,4 kW. Recebe tudo o que quer: nenhum limite o impede.',
    })
  })

  it('names the feeder, the line, the limit, who set it, and how full it is', () => {
    const load = {
      ...{ feederId: 'f-0', line: 'A' as const, highKw: 9.9, lowKw: 4, importLimitKw: 10, exportLimitKw: null },
      ...{ violationKw: 0, unavoidableKw: 0 },
    }
    const binding = {
      kind: 'feeder',
      feederId: 'f-0',
      line: 'A',
      direction: 'import',
      limitKw: 10,
      source: 'event:12',
    } as const
    const { en, pt } = of({ binding }, { feeders: [load] })
    assert.match(en, /Feeder f-0 may carry no more than 10 kW on phase A \(event 12\), of which 9\.9 kW is shared out/)
    assert.match(pt, /O alimentador f-0 pode conduzir no máximo 10 kW na fase A \(evento 12\), dos quais 9,9 kW/)
  })

  it('says that a device is lost, since when, and as what it counts', () => {
    const lost = { loss: 'silent', heardAt: noon, lowKw: 0, highKw: 3.7 } as const
    const { en, pt } = bound({ kind: 'lost' }, { lost })
    assert.equal(
      en,
      'ev-1: it was not heard since en 15:00, so it is told nothing and counted at 0 kW to 3.7 kW, whichever is worse for each limit: what it may follow still, and its fallback.',
    )
    assert.match(pt, /^ev-1: não é ouvido desde pt 15:00; por isso nada lhe é dito e conta como 0 kW a 3,7 kW/)
    assert.match(
      bound({ kind: 'lost' }, { lost: { ...lost, loss: 'never-heard', heardAt: null } }).en,
      /never been heard/,
    )
  })

  for (const [binding, given, en, pt] of [
    [
      { kind: 'least-power' },
      {},
      /below its least power of 1\.4 kW, so it waits/,
      /potência mínima de 1,4 kW; por isso espera/,
    ],
    [{ kind: 'held' }, { held: 'off' }, /stays off for its minimum time/, /fica desligado pelo seu tempo mínimo/],
    [{ kind: 'held' }, { held: 'on' }, /stays on for its minimum time/, /fica ligado/],
    [{ kind: 'device' }, { untilKw: 4 }, /allow 0 kW to 4 kW now/, /permitem de 0 kW a 4 kW agora/],
    [
      { kind: 'shed', targetId: 'event:3', feederId: 'f-1' },
      {},
      /\(event 3\) asks what is steered below f-1/,
      /\(evento 3\)/,
    ],
    [
      { kind: 'wanted' },
      { kind: 'pv', wantedKw: -5 },
      /could give 5 kW\. Nothing holds it back/,
      /poderia gerar 5 kW\. Nada o limita/,
    ],
    [{ kind: 'wanted' }, { isSpared: true }, /Demand response spares it/, /resposta da demanda o poupa/],
  ] as const)
    it(`by ${JSON.stringify(binding)}: ${en.source}`, () => {
      const said = bound(binding, given)
      assert.match(said.en, en)
      assert.match(said.pt, pt)
    })

  for (const [left, en, pt] of [
    [
      'no-limit',
      /follows no setpoint of the control loop: no feeder above it \(f-1, f-0\) has a limit/,
      /nenhum alimentador acima dele/,
    ],
    ['no-rating', /the registry has no rated power of it/, /não tem sua potência nominal/],
    ['no-round', /has not come round to it yet/, /ainda não passou por ele/],
    ['not-steerable', /only batteries, EV chargers and PV inverters/, /só baterias/],
    ['unapproved', /waits for its approval/, /aguarda aprovação/],
    ['no-feeder', /does not say on which feeder/, /em que alimentador/],
  ] as const)
    it(`is, for one that is left alone: ${left}`, () => {
      const said = of({}, { share: null, left })
      assert.match(said.en, en)
      assert.match(said.pt, pt)
    })

  it('is not told yet where nobody has passed it on', () => {
    const share = { powerKw: 2, deficitKw: 0, toldKw: null, toldUntil: null, detail }
    assert.match(of({}, { share }).en, /^ev-1 was shared out 2 kW and is not told so yet/)
  })
})
