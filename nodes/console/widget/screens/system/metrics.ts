/** One measured value of a Prometheus text, with its labels. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** Counts of the live stream: clients and topics they follow now, bytes that wait for them, what was sent and who was too slow since the start. */
export interface StreamCounts {
  readonly clients: number
  readonly subscriptions: number
  readonly waitingBytes: number
  readonly sent: number
  readonly dropped: number
}

/** How a consumer of the batch log stands; a part is undefined where the server does not tell. */
export interface ConsumerMeasures {
  /** Age of the oldest commit that it has not taken, s; 0 where it has taken all. */
  readonly oldestBehindS: number | undefined
  /** Rounds that failed since the start, and were tried again. */
  readonly failures: number | undefined
  /** When a round last succeeded, UTC ms. */
  readonly lastSuccessAt: number | undefined
}

const line = /^([a-zA-Z_:][\w:]*)(?:\{([^}]*)\})? ([^ ]+)$/
const label = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g
const escapes: Readonly<Record<string, string>> = { n: '\n' }

/** Samples of a Prometheus text by the name of their metric; what is not a finite number is left out. */
export function samplesOf(text: string): ReadonlyMap<string, readonly Sample[]> {
  const samples = new Map<string, Sample[]>()
  for (const [, name, labels = '', written] of text.split('\n').flatMap((each) => [line.exec(each) ?? []])) {
    const value = Number(written)
    if (name === undefined || !Number.isFinite(value)) continue
    const known = samples.get(name) ?? []
    known.push({ labels: labelsOf(labels), value })
    samples.set(name, known)
  }
  return samples
}

/** @returns undefined where nobody serves the live stream */
export function streamOf(samples: ReadonlyMap<string, readonly Sample[]>): StreamCounts | undefined {
  const of = (name: string): number | undefined => samples.get(`linhaviva_stream_${name}`)?.[0]?.value
  const clients = of('clients')
  if (clients === undefined) return undefined
  return {
    clients,
    subscriptions: of('subscriptions') ?? 0,
    waitingBytes: of('waiting_bytes') ?? 0,
    sent: of('sent_total') ?? 0,
    dropped: of('dropped_total') ?? 0,
  }
}

/** What is known of a consumer of the batch log beside how far it is behind. */
export function consumerOf(samples: ReadonlyMap<string, readonly Sample[]>, consumer: string): ConsumerMeasures {
  const of = (name: string): number | undefined =>
    samples.get(`linhaviva_consumer_${name}`)?.find(({ labels }) => labels['consumer'] === consumer)?.value
  const lastSuccessS = of('last_success_timestamp_seconds')
  return {
    oldestBehindS: of('oldest_behind_seconds'),
    failures: of('failures_total'),
    lastSuccessAt: lastSuccessS === undefined ? undefined : lastSuccessS * 1_000,
  }
}

const labelsOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    [...text.matchAll(label)].map(([, name, value]) => [
      name!,
      value!.replace(/\\(.)/g, (_, escaped: string) => escapes[escaped] ?? escaped),
    ]),
  )
