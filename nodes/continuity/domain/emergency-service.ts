/** An emergency occurrence and its service. Instants are UTC milliseconds; null: not yet, or never told. */
export interface EmergencyOccurrence {
  readonly openedAt: number
  readonly dispatchedAt: number | null
  readonly arrivedAt: number | null
  readonly closedAt: number | null
  /** Services that interrupted nobody are occurrences too. */
  readonly withInterruption: boolean
}

/** Times of the services of a conjunto in a month, as ANEEL's data set of emergency service names them. Minutes. */
export interface EmergencyServiceMonth {
  /** Mean from opening to dispatch (tempo médio de preparação); null: no service is known from end to end. */
  readonly tmpMin: number | null
  /** Mean from dispatch to arrival (de deslocamento). */
  readonly tmdMin: number | null
  /** Mean from arrival to close (de execução). */
  readonly tmeMin: number | null
  /** Their sum: mean time of the whole service (de atendimento). */
  readonly tmaeMin: number | null
  /** Occurrences that were opened in the month. */
  readonly numOcorr: number
  /** Of these, those with an interruption. */
  readonly nie: number
  /** Of these, those whose four instants are known: the means are of them. */
  readonly served: number
  /** Critical days of the month. */
  readonly ndiacri: number
}

const minuteMs = 60_000

/**
 * TMP, TMD, TME, TMAE, NumOcorr, NIE and NDIACRI (PRODIST Módulo 8, emergency service; the data set
 * `atendimento-ocorrencias-emergenciais`). An occurrence is of the month in which it was opened.
 * @param criticalDays  of the conjunto in the month
 */
export function emergencyServiceOf(
  occurrences: readonly EmergencyOccurrence[],
  criticalDays: number,
): EmergencyServiceMonth {
  const served = occurrences.filter(
    (one): one is EmergencyOccurrence & { dispatchedAt: number; arrivedAt: number; closedAt: number } =>
      one.dispatchedAt !== null && one.arrivedAt !== null && one.closedAt !== null,
  )
  const mean = (durations: readonly number[]): number | null =>
    durations.length === 0 ? null : durations.reduce((sum, ms) => sum + ms, 0) / durations.length / minuteMs
  return {
    tmpMin: mean(served.map(({ openedAt, dispatchedAt }) => dispatchedAt - openedAt)),
    tmdMin: mean(served.map(({ dispatchedAt, arrivedAt }) => arrivedAt - dispatchedAt)),
    tmeMin: mean(served.map(({ arrivedAt, closedAt }) => closedAt - arrivedAt)),
    tmaeMin: mean(served.map(({ openedAt, closedAt }) => closedAt - openedAt)),
    numOcorr: occurrences.length,
    nie: occurrences.filter(({ withInterruption }) => withInterruption).length,
    served: served.length,
    ndiacri: criticalDays,
  }
}
