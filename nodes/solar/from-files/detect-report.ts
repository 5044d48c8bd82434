import { textTable } from '../../../platform/runtime/text-table.ts'
import { detailsOf, recommendationOf } from '../domain/anomaly-words.ts'
import type { FileAnomaly, FileFindings } from './file-detection.ts'
import type { LabelScore, Score } from './label-score.ts'

/** What is printed of a file. */
export interface DetectResult {
  readonly findings: FileFindings
  /** Healthy samples that the forest grew from; null: there is none. */
  readonly forestSamples: number | null
  readonly score: LabelScore | null
}

const words = {
  en: {
    locale: 'en-US',
    head: ['from (UTC)', 'until (UTC)', 'panel', 'severity', 'what', 'what to do'],
    lasting: 'lasts',
    all: 'all panels',
    read: (slots: string, panels: string) => `${slots} slots of 5 minutes of ${panels} panels.`,
    unknown: (count: string) =>
      `Of ${count} nobody knows what to expect: give --site-latitude and --site-longitude, or irradiance_wm2.`,
    forest: (samples: string) => `Isolation forest grown from ${samples} healthy samples.`,
    noForest: 'No isolation forest: the rules alone.',
    none: 'Nothing is amiss.',
    scoreHead: ['', 'labelled', 'called', 'found', 'precision', 'recall', 'F1'],
    slots: 'slots',
    events: 'events',
  },
  pt: {
    locale: 'pt-BR',
    head: ['de (UTC)', 'até (UTC)', 'painel', 'gravidade', 'o quê', 'o que fazer'],
    lasting: 'continua',
    all: 'todos os painéis',
    read: (slots: string, panels: string) => `${slots} intervalos de 5 minutos de ${panels} painéis.`,
    unknown: (count: string) =>
      `De ${count} não se sabe o que esperar: informe --site-latitude e --site-longitude, ou irradiance_wm2.`,
    forest: (samples: string) => `Floresta de isolamento treinada com ${samples} amostras sadias.`,
    noForest: 'Sem floresta de isolamento: só as regras.',
    none: 'Nada de anormal.',
    scoreHead: ['', 'rotulados', 'apontados', 'achados', 'precisão', 'revocação', 'F1'],
    slots: 'intervalos',
    events: 'eventos',
  },
} as const
type Said = (typeof words)[keyof typeof words]

const severityWords = {
  en: { low: 'low', medium: 'medium', high: 'high', critical: 'critical' },
  pt: { low: 'baixa', medium: 'média', high: 'alta', critical: 'crítica' },
} as const

/** Findings as tables for persons. */
export function detectReport({ findings, forestSamples, score }: DetectResult, language: keyof typeof words): string {
  const said = words[language]
  const { slots, panels, expected, anomalies } = findings
  const unknown = slots - Object.values(expected).reduce((sum, count) => sum + count, 0)
  const count = (value: number): string => value.toLocaleString(said.locale)
  const rows = anomalies.map((one) => anomalyCells(one, said, language))
  return [
    [
      said.read(count(slots), count(panels.length)),
      ...(unknown > 0 ? [said.unknown(count(unknown))] : []),
      forestSamples === null ? said.noForest : said.forest(count(forestSamples)),
    ].join('\n'),
    rows.length === 0 ? said.none : textTable([said.head, ...rows], said.head.length),
    ...(score === null ? [] : [scoreTable(score, said)]),
    '',
  ].join('\n\n')
}

function anomalyCells({ anomaly, endedAt }: FileAnomaly, said: Said, language: keyof typeof words): string[] {
  return [
    ...[minuteOf(anomaly.since), endedAt === null ? said.lasting : minuteOf(endedAt), anomaly.panelId ?? said.all],
    ...[severityWords[language][anomaly.severity], detailsOf(anomaly)[language], recommendationOf(anomaly)[language]],
  ]
}

function scoreTable({ slots, events, byKind }: LabelScore, said: Said): string {
  const row = (name: string, { labelled, called, found, precision, recall, f1 }: Score): string[] => [
    ...[name, ...[labelled, called, found].map((value) => value.toLocaleString(said.locale))],
    ...[precision, recall, f1].map((share) => (share === null ? '–' : share.toFixed(3))),
  ]
  return textTable(
    [
      said.scoreHead,
      ...[row(said.slots, slots), row(said.events, events)],
      ...byKind.flatMap((kind) => [
        row(`${kind.label}, ${said.slots}`, kind.slots),
        row(`${kind.label}, ${said.events}`, kind.events),
      ]),
    ],
    1,
  )
}

const minuteOf = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ')
