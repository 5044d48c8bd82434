import type { CompletedMeasurement, LetterFacts } from './letter.ts'
import { bandLimitsOf } from './bands.ts'

const windows = 1_008
/** Not the rule itself: a letter that was agreed on stays when a rule's source becomes better known. */
const rule = {
  validFrom: '2008-01-01',
  source: 'PRODIST Módulo 8 v14, Seção 8.1, items 28 and 29 (k2 of AT: one source)',
  value: { windows, drpLimitPct: 3, drcLimitPct: 0.5, k1: 3, k2: { BT: 7, MT: 5, AT: 3 } },
} as const
const hourMs = 3_600_000
/** Midnight of 2026-08-10 in São Paulo, UTC milliseconds. */
const start = 1_786_330_800_000
const weekMs = 168 * hourMs

const counts = (phase: 'A' | 'B' | 'C', precarious: number, critical: number) => ({
  ...{ phase, precarious, critical, adequate: windows - precarious - critical },
})

/** The measurement of a published letter: three phases at 220 V, both limits broken. */
export const brokenMeasurement: CompletedMeasurement = {
  id: '4711',
  unitId: 'unit-001',
  kind: 'complaint',
  protocol: '2026-004711',
  instrument: { class: 'A', serial: 'PQ-0815', calibratedOn: '2026-02-03' },
  referenceV: 220,
  measuredBetween: 'phase_neutral',
  voltageClass: 'BT',
  bandLimits: bandLimitsOf(220, '2026-08-10'),
  start,
  end: start + weekMs + 2 * hourMs,
  valid: windows,
  invalid: 12,
  phases: [counts('A', 45, 122), counts('B', 62, 151), counts('C', 81, 94)],
  drpPct: (100 * 81) / windows,
  drcPct: (100 * 151) / windows,
  compensation: {
    amountBrl: 116.46,
    exactBrl: 116.46825396825398,
    formula: '[(DRP − DRPlimit)/100 · k1 + (DRC − DRClimit)/100 · k2] · EUSD',
    inputs: {
      ...{ DRP: (100 * 81) / windows, DRC: (100 * 151) / windows, DRPlimit: 3, DRClimit: 0.5 },
      ...{ k1: 3, k2: 7, EUSD: 100, class: 'BT' },
    },
    rule: { validFrom: rule.validFrom, source: rule.source },
  },
}

/** One phase at 13.8 kV, within its limits, up to them. */
export const goodMeasurement: CompletedMeasurement = {
  ...brokenMeasurement,
  ...{
    id: '12',
    unitId: 'fabrica-7',
    kind: 'sample',
    protocol: null,
    referenceV: 13_800,
    measuredBetween: 'phase_phase',
  },
  ...{ voltageClass: 'MT', bandLimits: bandLimitsOf(13_800, '2026-08-10'), end: start + weekMs, invalid: 0 },
  instrument: { class: 'S', serial: 'S-1', calibratedOn: null },
  phases: [counts('A', 30, 5)],
  ...{ drpPct: (100 * 30) / windows, drcPct: (100 * 5) / windows, compensation: null },
}

export const letterFacts = (changes: Partial<LetterFacts> = {}): LetterFacts => ({
  measurement: brokenMeasurement,
  rule,
  duties: {
    regularise: [
      { indicator: 'DRP', days: 90, until: '2026-11-15', source: 'option voltage-regularisation-days-drp' },
      { indicator: 'DRC', days: 15, until: '2026-09-01', source: 'option voltage-regularisation-days-drc' },
    ],
    creditMonths: { months: 2, source: 'option voltage-credit-months' },
    noticeDays: { days: 15, source: 'option voltage-notice-days' },
  },
  percentages: 'truncated',
  agent: {
    name: 'Distribuidora São João S.A.',
    cnpj: '12ABC34501DE35',
    contact: '0800 000 0000, todos os dias, ou www.example.com.br',
  },
  holder: { name: 'Conceição Gonçalves de Araújo', address: 'Rua das Flores, 12, Centro, João Pessoa, PB' },
  writtenOn: '2026-08-24',
  timeZone: 'America/Sao_Paulo',
  ...changes,
})

/** What nobody foresaw: the longest that the registry takes, letters of other scripts, marks of HTML. */
export const strangeFacts = (): LetterFacts =>
  letterFacts({
    measurement: { ...brokenMeasurement, unitId: 'u'.repeat(64), compensation: null },
    agent: { name: 'Distribuidora <script>alert("1")</script> & Filhos', cnpj: '11222333000181', contact: null },
    holder: {
      name: `Łucja "D’Ávila" 名前 ${'Associação dos Moradores '.repeat(6)}`.trim(),
      address: `${'AvenidaSemEspacos'.repeat(17)}, 1`,
    },
  })
