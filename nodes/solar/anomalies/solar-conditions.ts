import type { KindOf } from '../../../platform/wire/condition-kinds.ts'
import { conditionKey, type Condition } from '../../../platform/wire/condition.ts'
import { detailsOf, recommendationOf, type Words } from '../domain/anomaly-words.ts'
import { severities, type Anomaly, type AnomalyKind } from '../domain/detectors/anomaly.ts'

type Kind = KindOf<'solar'>

/** An anomaly that lasts, and where it is. */
export interface LastingAnomaly extends Anomaly {
  /** Null: it is not known, or its panels are of several. */
  readonly feederId: string | null
}

/** What operators are told of one panel at once: kinds that ask the same of them. */
const conditionOf: Readonly<Record<AnomalyKind, Kind>> = {
  ...{ clock: 'panel-sensor', out_of_range: 'panel-sensor', stuck_value: 'panel-sensor' },
  ...{ inverter_trip: 'plant-out', string_open: 'panel-fault', short_circuit: 'panel-fault' },
  ...{ zero_output: 'panel-fault', clipping: 'panel-loss', low_voltage: 'panel-loss' },
  ...{ hot_spot: 'panel-hot', hot_panel: 'panel-hot', shading: 'panel-loss', soiling: 'panel-loss' },
  ...{ degradation: 'panel-loss', mismatch: 'panel-loss', unusual: 'panel-unusual' },
}
/** As long as a parameter of a text may be. */
const mostLetters = 200
/** Panels that are named where a condition is of many. */
const mostPanels = 50

/** What holds of what is amiss with panels: one condition for a panel (or a whole plant) and kind of condition, of the gravest. */
export function solarConditions(lasting: readonly LastingAnomaly[]): readonly Condition[] {
  const bySubject = new Map<string, LastingAnomaly[]>()
  for (const anomaly of lasting) {
    const key = conditionKey('solar', conditionOf[anomaly.kind], subjectOf(anomaly))
    bySubject.set(key, [...(bySubject.get(key) ?? []), anomaly])
  }
  return [...bySubject].map(([key, anomalies]) => condition(key, anomalies.toSorted(byGravity)))
}

const byGravity = (one: Anomaly, other: Anomaly): number =>
  severities.indexOf(other.severity) - severities.indexOf(one.severity) || one.since - other.since

/** A plant that is a single panel has no other name than the panel's. */
const subjectOf = ({ panelId, siteId, panelIds }: Anomaly): string =>
  panelId ?? (siteId.includes('/') ? panelIds[0]! : siteId)

function condition(key: string, anomalies: readonly LastingAnomaly[]): Condition {
  const first = anomalies[0]!
  const { panelId, panelIds, kind, severity, since, evidence, feederId } = first
  const [shown] = evidence
  const subject = subjectOf(first)
  return {
    ...{ key, area: 'solar', kind: conditionOf[kind], subject, state: 'active', at: Math.round(since) },
    ...(feederId !== null && { feederId }),
    ...(panelId !== null && { deviceId: panelId }),
    ...(shown && { value: toHundredth(shown.value), unit: shown.unit }),
    ...(shown && shown.expected !== null && { limit: toHundredth(shown.expected) }),
    priority: severity,
    text: {
      message: `solar.${conditionOf[kind]}`,
      parameters: {
        ...(panelId === null ? { site: subject, panels: panelIds.length } : { panel: panelId }),
        ...{ anomaly: kind, details: short(detailsOf(first)), recommendation: short(recommendationOf(first)) },
      },
    },
    evidence: {
      alertType: 'performance_anomaly',
      panelIds: panelIds.slice(0, mostPanels),
      anomalies: anomalies.map((one) => ({
        ...{ kind: one.kind, severity: one.severity, since: new Date(one.since).toISOString() },
        evidence: shownEvidence(one),
      })),
    },
  }
}

/** Evidence as it goes out: instants in words. */
export const shownEvidence = ({ evidence }: Pick<Anomaly, 'evidence'>) =>
  evidence.map(({ since, ...one }) => ({ ...one, since: new Date(since).toISOString() }))

/** A condition that holds no more. */
export function solarNormal(said: Condition, at: number): Condition {
  const { value: _value, limit: _limit, evidence: _evidence, ...rest } = said
  const message = said.kind === 'plant-out' ? 'solar.plant-back' : 'solar.panel-well'
  return { ...rest, at, state: 'normal', text: { ...said.text, message } }
}

/** Worth saying again: graver, or another anomaly than the one that was said. */
export const isSolarNews = (holding: Condition, said: Condition): boolean =>
  holding.priority !== said.priority ||
  holding.text.message !== said.text.message ||
  holding.text.parameters['anomaly'] !== said.text.parameters['anomaly']

const short = ({ en, pt }: Words): Words => ({ en: cut(en), pt: cut(pt) })
const cut = (text: string): string => (text.length <= mostLetters ? text : `${text.slice(0, mostLetters - 1)}…`)
const toHundredth = (value: number): number => Math.round(value * 100) / 100
