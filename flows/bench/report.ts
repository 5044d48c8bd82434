import { allocationReport } from './allocation/allocation-report.ts'
import { consoleReport } from './console-report.ts'
import type { Figures, LiveRow, Row } from './figures.ts'
import { solarReport } from './solar-report.ts'
import { digits, layOut } from './table.ts'

const titles = {
  singles: 'one reading a message',
  arrays: 'arrays of 100 readings',
} as const

/** The figures as one table for people. */
export function report(figures: Figures): string {
  const { highest, paced, kills, live, storage, voltage, outages, alarms, commands, allocation, solar, soak, faults } =
    figures
  const sections = [
    Object.entries(figures.machine).map(([name, value]) => `${name}: ${value}`),
    highest.length > 0 && ['Highest rate kept, nothing lost and nothing piled up', ...rowsOf(highest)],
    paced.length > 0 && ['At a given rate', ...rowsOf(paced)],
    (highest.length > 0 || paced.length > 0) && notes(highest.concat(paced)),
    kills.length > 0 && [
      'kill -9 of Node-RED under load, started again at once: readings published and not stored in the end',
      ...layOut(
        ['', 'lost', 'of'],
        kills.map(({ way, lost, published }) => [way.name, digits(lost), digits(published)]),
      ),
    ],
    live.length > 0 && liveRows(live),
    soak && [
      `Memory of Node-RED over ${digits(soak.minutes, 1)} minutes at ${digits(soak.perSecond)} readings/s, MB`,
      ...layOut(
        ['', 'at start', 'most', 'at end', 'a minute', 'lost'],
        [
          [
            ...['Linha Viva', digits(soak.startMb), digits(soak.mostMb), digits(soak.endMb)],
            ...[digits(soak.mbPerMinute, 2), digits(soak.lost)],
          ],
        ],
      ),
    ],
    storage.length > 0 && ['Storage', ...named(storage)],
    voltage.length > 0 && ['Voltage windows of ten minutes, a reading a minute', ...named(voltage)],
    outages.length > 0 && ['Outages that last', ...named(outages)],
    alarms.length > 0 && ['Alarms', ...named(alarms)],
    commands.length > 0 && ['Commands', ...named(commands)],
    ...(allocation ? allocationReport(allocation) : []),
    solar && solar.rows.length > 0 && solarReport(solar),
    figures.console && consoleReport(figures.console),
    highest.length > 1 && ratios(highest),
    faults.map((fault) => `FAULT: ${fault}`),
  ]
  return sections
    .filter((section) => section !== false && section !== undefined && section.length > 0)
    .map((section) => (section as string[]).join('\n'))
    .join('\n\n')
}

const named = (rows: readonly [name: string, value: string][]): string[] =>
  layOut(
    ['', ''],
    rows.map(([name, value]) => [name.padEnd(34), value]),
  ).slice(1)

function rowsOf(rows: Row[]): string[] {
  const shapes = [...new Set(rows.map(({ shape }) => shape))]
  return layOut(
    ['', 'readings/s', 'lost', 'p50 ms', 'p99 ms', 'Node-RED', 'database', 'broker', 'peak MB', 'drained s', 'load'],
    shapes.flatMap((shape) => [[titles[shape]], ...rows.filter((row) => row.shape === shape).map(cellsOf)]),
  )
}

function cellsOf({ way, run, absent }: Row): string[] {
  const name = `  ${way.name}`
  if (!run) return [name, absent ?? '–']
  const { latency, cpu } = run
  return [
    name,
    ...[digits(run.perSecond), digits(run.lost), digits(latency?.p50), digits(latency?.p99)],
    ...[digits(cpu.nodeRed, 1), digits(cpu.database, 1), digits(cpu.broker, 1)],
    ...[digits(run.peakMb), digits(run.tailSeconds, 1), digits(run.loadCores, 2)],
  ]
}

function liveRows(rows: readonly LiveRow[]): string[] {
  const alone = rows.filter(({ delay }) => !delay)
  const mean = (of: (row: LiveRow) => number | undefined): number =>
    alone.reduce((sum, row) => sum + (of(row) ?? NaN), 0) / alone.length
  return [
    `Live stream: ${digits(rows[0]!.run.asked.perSecond)} readings/s of one a message, without clients and with 300, in turns`,
    ...layOut(
      [
        '',
        'readings/s',
        'lost',
        'p50 ms',
        'p99 ms',
        'Node-RED',
        'most MB',
        'waiting kB',
        'dropped s',
        'delay p50',
        'p99',
        'gaps',
        'clients',
      ],
      rows.map(({ name, run, mostMb, mostWaitingBytes, droppedAfterS, delay, gaps, clientCores }) => [
        ...[name, digits(run.perSecond), digits(run.lost), digits(run.latency?.p50), digits(run.latency?.p99)],
        ...[digits(run.cpu.nodeRed, 1), digits(mostMb), digits(delay && mostWaitingBytes / 1_000, 1)],
        ...[digits(droppedAfterS, 1), digits(delay?.p50), digits(delay?.p99), digits(gaps), digits(clientCores, 2)],
      ]),
    ),
    ...layOut(
      ['with clients to without', 'rate ×', 'p50 ×', 'Node-RED CPU ×'],
      rows
        .filter(({ delay }) => delay)
        .map(({ name, run }) => [
          `  ${name}`,
          digits(run.perSecond / mean((row) => row.run.perSecond), 3),
          digits((run.latency?.p50 ?? NaN) / mean((row) => row.run.latency?.p50), 2),
          digits(run.cpu.nodeRed / mean((row) => row.run.cpu.nodeRed), 2),
        ]),
    ),
    'p50, p99 ms: from publishing to the moment before the commit; delay: from a reading’s instant to its arrival at a client, ms,',
    'once a second; waiting: most that waited in Node-RED for clients; dropped: the stalled client; clients: cores they used',
    'of the clients that read every tenth holds the whole state; the others look at the head of each message',
  ]
}

function notes(rows: Row[]): string[] {
  const ways = new Map(rows.map(({ way }) => [way.id, way]))
  return [
    ...[...ways.values()].map(({ name, latencyTo }) => `p50, p99 of ${name}: from publishing to ${latencyTo}`),
    'Node-RED, database, broker: processor seconds a million readings; load: cores that publishing took',
    'the stock flows check, enrich and roll up nothing; an array they write in one statement or request, but for split',
    'drained: from the last publish to the last stored reading',
  ]
}

/** Ours against each stock flow, of the same shape in the same run. */
function ratios(rows: Row[]): string[] {
  const lines = rows.flatMap((stock) => {
    if (stock.way.isOurs || !stock.run) return []
    const ours = rows.find(({ way, shape, run }) => way.isOurs && shape === stock.shape && run)
    if (!ours?.run) return []
    return [
      [
        `  ${ours.way.name} to ${stock.way.name}, ${titles[stock.shape]}`,
        digits(ours.run.perSecond / stock.run.perSecond, 1),
        digits(stock.run.cpu.nodeRed / ours.run.cpu.nodeRed, 1),
        digits(stock.run.cpu.database / ours.run.cpu.database, 1),
      ],
    ]
  })
  return lines.length === 0 ? [] : layOut(['Ratios', 'rate ×', 'Node-RED CPU ÷', 'database CPU ÷'], lines)
}
