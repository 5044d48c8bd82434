/** `npm run campaign`: commands to devices that count, while everything around them fails. `--help` tells what it does. */
import { createWriteStream, writeFileSync } from 'node:fs'
import { breachesOf } from './checks.ts'
import { drawFaults } from './faults.ts'
import { help, type Options, readOptions } from './options.ts'
import { longRun, type Progress } from '../long-run.ts'
import { report } from './report.ts'
import { runCampaign } from './run-campaign.ts'
import { startStage } from './stage.ts'

await longRun({ name: 'campaign', help, readOptions, run: campaign })

async function campaign({ seed, commands, devices, broken, json, log }: Options, progress: Progress): Promise<number> {
  const lines = log === undefined ? undefined : createWriteStream(log)
  const stage = await startStage(lines && ((line) => lines.write(`${line}\n`)))
  try {
    progress(`Linha Viva runs; seed ${seed}`)
    const { history, counts, faults } = await runCampaign(stage, {
      ...{ seed, commands, devices, broken, progress, faults: drawFaults(seed, commands) },
      misbehaviour: { dropped: 0.1, duplicated: 0.1, delayed: 0.1, mostDelayMs: 3_000, unheard: 0.1 },
      healsWithinMs: 10 * 60_000,
    })
    const breaches = breachesOf(history)
    console.log(`\n${report(history, counts, breaches)}`)
    for (const fault of faults) console.log(`FAULT: ${fault}`)
    if (json !== undefined)
      writeFileSync(json, `${JSON.stringify({ ...history, counts: [...counts], breaches, faults }, asPlain, 1)}\n`)
    return breaches.length + faults.length > 0 ? 1 : 0
  } catch (error) {
    console.error(stage.system.lastLines())
    throw error
  } finally {
    await stage.stop()
  }
}

function asPlain(_key: string, value: unknown): unknown {
  return value instanceof Set ? [...value] : value
}
