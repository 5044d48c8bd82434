import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { FileError } from '../../../platform/runtime/csv-file.ts'
import { formatInstant } from '../../../platform/wire/instant.ts'
import { detailsOf, recommendationOf } from '../domain/anomaly-words.ts'
import { detectUsage, readDetectFlags, type DetectFlags } from './detect-flags.ts'
import { detectReport, type DetectResult } from './detect-report.ts'
import { detectInFile, growFileForest, type FileAnomaly } from './file-detection.ts'
import { LabelBook, type FoundAnomaly } from './label-score.ts'
import { labelOf } from './labels.ts'
import { panelRows } from './panel-file.ts'
import { slotsOf, type FileSlot } from './slot-means.ts'

/**
 * The command line `solar -- detect`.
 * @param input  the standard input
 * @returns what is to be printed: all, or nothing
 * @throws BadFlag where the command line is wrong, FileError where the file is
 */
export async function detectCommand(args: readonly string[], input: Readable): Promise<string> {
  const flags = readDetectFlags(args)
  if (!flags) return detectUsage
  const result = await resultOf(flags, input)
  return flags.json ? `${JSON.stringify(asJson(result), null, 2)}\n` : detectReport(result, flags.language)
}

async function resultOf(flags: DetectFlags, input: Readable): Promise<DetectResult> {
  const slots = (): AsyncGenerator<FileSlot> => {
    const source = flags.csv === '-' ? input : createReadStream(flags.csv)
    return slotsOf(panelRows(source, flags), labelOf)
  }
  try {
    const grown = flags.forest ? await growFileForest(slots(), flags) : null
    const labels = flags.labels === undefined ? null : new LabelBook()
    const findings = await detectInFile(slots(), flags, grown?.trained ?? null, {
      seen: (slot) => labels?.take(slot.at, slot.panels.keys(), slot.labels),
    })
    const score = labels?.score(findings.anomalies.flatMap(ofPanels)) ?? null
    return { findings, score, forestSamples: grown?.samples ?? null }
  } catch (error) {
    if (error instanceof FileError) throw new FileError(`--csv ${flags.csv}: ${error.message}`)
    throw error
  }
}

const ofPanels = ({ anomaly: { panelIds, kind, since }, endedAt }: FileAnomaly): FoundAnomaly[] =>
  panelIds.map((panelId) => ({ panelId, kind, since, until: endedAt ?? Infinity }))

function asJson({ findings, forestSamples, score }: DetectResult) {
  const { slots, panels, from, to, expected, anomalies } = findings
  return {
    ...{ slots, panels: panels.length, expected, forest: forestSamples === null ? null : { samples: forestSamples } },
    ...{ from: from === null ? null : formatInstant(from), to: to === null ? null : formatInstant(to) },
    anomalies: anomalies.map(({ anomaly, foundAt, endedAt }) => ({
      ...{ panel_id: anomaly.panelId, panel_ids: anomaly.panelIds, timestamp: formatInstant(foundAt) },
      ...{ alert_type: 'performance_anomaly', severity: anomaly.severity, details: detailsOf(anomaly) },
      ...{ recommendation: recommendationOf(anomaly), kind: anomaly.kind, since: formatInstant(anomaly.since) },
      until: endedAt === null ? null : formatInstant(endedAt),
      evidence: anomaly.evidence.map((one) => ({ ...one, since: formatInstant(one.since) })),
    })),
    score,
  }
}
