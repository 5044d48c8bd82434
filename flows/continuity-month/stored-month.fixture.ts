import assert from 'node:assert/strict'
import { applyCorrection } from '../../nodes/continuity/interruptions/correction.ts'
import { touchInterruptions } from '../../nodes/continuity/interruptions/change-repository.ts'
import { PersonEntries } from '../../nodes/continuity/interruptions/person-entries.ts'
import { SuppliedField } from '../../nodes/continuity/interruptions/supplied-field.fixture.ts'
import { KeptIndicators } from '../../nodes/continuity/indicators/kept-indicators.fixture.ts'
import { BatchWriter } from '../../nodes/telemetry/batch-writer.ts'
import { QuarantineBudget } from '../../nodes/telemetry/quarantine-budget.ts'
import { Registry } from '../../platform/network/registry.ts'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import type { Database } from '../../platform/storage/database.ts'
import { Partitions } from '../../platform/storage/partitions.ts'
import type { FieldEvent } from '../../platform/wire/reading.ts'
import { phaseText, type Network } from './network.fixture.ts'
import { enteredRows } from './recount.fixture.ts'
import { month, now, type DrawnMonth, type Judgement } from './truth.fixture.ts'

/** A month as it is stored and kept: through the store of telemetry and both keepers. */
export class StoredMonth {
  readonly #database: Database
  readonly #registry: Registry
  readonly #writer: BatchWriter
  readonly #field: SuppliedField
  readonly #indicators: KeptIndicators
  readonly #faults: unknown[] = []

  constructor(database: Database) {
    this.#database = database
    this.#registry = new Registry(database, 'quarantine', (error) => this.#faults.push(error))
    const budget = new QuarantineBudget(1e6, { now: () => now })
    this.#writer = new BatchWriter(database, this.#registry, new Partitions(database), budget)
    this.#field = new SuppliedField({ database })
    this.#indicators = new KeptIndicators(() => database, now)
  }

  /** The network, its devices, and what is entered of units and conjuntos. */
  async build(network: Network): Promise<void> {
    const write = (text: string, rows: readonly object[]): Promise<unknown> =>
      this.#database.query(text, [JSON.stringify(rows)])
    const { conjuntos, sources, switches, transformers, units } = network
    await write(
      `with given as (select * from jsonb_to_recordset($1) as g (id text, zone text, "decLimit" integer, "fecLimit" integer,
         "enteredUnits" integer)),
       added as (insert into conjunto (conjunto_id, name, time_zone) select id, id, zone from given returning 1)
       select count(*) from added`,
      conjuntos,
    )
    await write(
      `insert into conjunto_limit (conjunto_id, year, dec_hundredths, fec_hundredths)
       select id, 2026, "decLimit", "fecLimit"
       from jsonb_to_recordset($1) as g (id text, "decLimit" integer, "fecLimit" integer)`,
      conjuntos,
    )
    await write(
      `insert into conjunto_units (conjunto_id, month, units) select id, '${month}-01', "enteredUnits"
       from jsonb_to_recordset($1) as g (id text, "enteredUnits" integer) where "enteredUnits" is not null`,
      conjuntos,
    )
    await write('insert into feeder (feeder_id) select id from jsonb_to_recordset($1) as g (id text)', sources)
    await write(
      `insert into network_source (source_id, section_id, feeder_id) select id, section, id
       from jsonb_to_recordset($1) as g (id text, section text)`,
      sources,
    )
    await write(
      `insert into network_switch (switch_id, section_a, section_b, normally_closed, load_break)
       select id, a, b, "normallyClosed", true
       from jsonb_to_recordset($1) as g (id text, a text, b text, "normallyClosed" boolean)`,
      switches,
    )
    await write(
      `insert into network_transformer (transformer_id, section_id, phases) select id, section, phases
       from jsonb_to_recordset($1) as g (id text, section text, phases text)`,
      transformers.map((one) => ({ ...one, phases: phaseText(one.phases) })),
    )
    await write(
      `insert into consumer_unit (unit_id, feeder_id, conjunto_id, area, phases, nominal_voltage_v)
       select id, left(section, 6), conjunto, area, phases, "nominalV" from jsonb_to_recordset($1)
         as g (id text, section text, conjunto text, area text, phases text, "nominalV" float8)`,
      units.map((unit) => ({ ...unit, phases: phaseText(unit.ownPhases) })),
    )
    await write(
      `insert into unit_supply (unit_id, transformer_id, section_id)
       select id, transformer, case when transformer is null then section end
       from jsonb_to_recordset($1) as g (id text, transformer text, section text)`,
      units,
    )
    await write(
      `insert into device (device_id, kind, status) select id, kind::reading_kind, 'active'
       from jsonb_to_recordset($1) as g (id text, kind text)`,
      [
        ...[...sources, ...switches].map(({ id }) => ({ id, kind: 'switch' })),
        ...units.map(({ id }) => ({ id: `m-${id}`, kind: 'meter' })),
      ],
    )
    await this.#database.query(
      `insert into meter_assignment select substr(device_id, 3), device_key, '(,)' from device where kind = 'meter'`,
    )
    await write(
      `insert into unit_monetary_base (unit_id, month, vrc_brl, source) select id, '${month}-01', "vrcCents" / 100.0, 'drawn'
       from jsonb_to_recordset($1) as g (id text, "vrcCents" integer) where "vrcCents" is not null`,
      units,
    )
    await write(
      `insert into unit_continuity_limit (unit_id, from_month, dic_h, fic, dmic_h, dicri_h, dise_h, source)
       select id, '2026-01-01', "dicH", fic, "dmicH", "dicriH", "diseH", 'drawn' from jsonb_to_recordset($1)
         as g (id text, "dicH" float8, fic float8, "dmicH" float8, "dicriH" float8, "diseH" float8)`,
      units.flatMap(({ id, limits }) => (limits ? [{ id, ...limits }] : [])),
    )
    await write(
      `insert into individual_limit_row (voltage_class, area, up_to_hundredths, from_month, dic_h, fic, dmic_h, dicri_h, dise_h, source)
       select "voltageClass", area, "upTo", '2022-01-01', "dicH", fic, "dmicH", "dicriH", "diseH", 'drawn'
       from jsonb_to_recordset($1) as g ("voltageClass" text, area text, "upTo" integer, "dicH" float8, fic float8,
         "dmicH" float8, "dicriH" float8, "diseH" float8)`,
      enteredRows,
    )
    await this.#registry.ready()
    const last = `m-${units.at(-1)!.id}`
    await waitUntil('the registry to have the meters', () => this.#registry.find(last) !== undefined)
  }

  /** What was announced, when it was. */
  async announce(judgements: readonly Judgement[]): Promise<void> {
    const persons = new PersonEntries(this.#database)
    for (const { plan } of judgements)
      if (plan)
        await persons.plan(
          { by: 'planner', now: plan.warnedAt },
          {
            ...{ elementKind: /^f-\d\d-\d$/.test(plan.element) ? 'source' : 'switch', elementId: plan.element },
            ...{ from: plan.from, until: plan.until, warnedAt: plan.warnedAt, notice: 'letter', cause: 'programmed' },
          },
        )
  }

  start(): void {
    this.#field.keeper({ clock: { now: () => now } })
    this.#indicators.keeper()
  }

  /** Ends both keepers, wherever they are. */
  async stop(): Promise<void> {
    await this.#field.stop()
    await this.#indicators.close()
  }

  /** Batches as they come, several on their way at a time. @returns what became of the events */
  async store(events: readonly FieldEvent[], batchSize: number): Promise<{ stored: number; duplicates: number }> {
    const sum = { stored: 0, duplicates: 0 }
    const batches = Array.from({ length: Math.ceil(events.length / batchSize) }, (_, place) =>
      events.slice(place * batchSize, (place + 1) * batchSize),
    )
    await Promise.all(
      batches.map(async (payload) => {
        const { outcome } = await this.#writer.write({ topic: 'event', payload })
        assert.equal(outcome.quarantined, 0)
        sum.stored += outcome.stored
        sum.duplicates += outcome.duplicates
      }),
    )
    return sum
  }

  async settled(): Promise<void> {
    await this.#field.settled(300_000)
    await this.#indicators.settled(300_000)
    assert.deepEqual([...this.#field.errors, ...this.#indicators.errors, ...this.#faults], [])
  }

  /** What two persons decided, once it was over. */
  async judge({ judgements, criticalDays }: DrawnMonth): Promise<void> {
    const days = [...criticalDays].flatMap(([id, ofConjunto]) => ofConjunto.map((day) => ({ id, day })))
    await this.#database.query(
      `insert into critical_day (conjunto_id, day, occurrences, threshold, basis, approval_id)
       select id, day::date, 9, 8.5, '{}', 1 from jsonb_to_recordset($1) as g (id text, day text)`,
      [JSON.stringify(days)],
    )
    await this.#database.query(
      `insert into emergency_situation (situation_id, basis, decree, conjunto_ids, municipality_codes, starts_at, ends_at,
         description, evidence, approval_id)
       values ('flood', 'decree', 'Decreto 1', array(select conjunto_id from conjunto), '{}', '2026-02-01Z', '2026-05-01Z',
         'flood', 'gazette', 1)`,
    )
    for (const judgement of judgements) if (!judgement.plan) await this.#judgeOne(judgement)
  }

  async #judgeOne({ unitIds, from, until, origin, exclusion }: Judgement): Promise<void> {
    const rows = await this.#database.query<{ id: number; unitIds: string[] }>(
      `select interruption_id::float8 as id, array_agg(unit_id order by unit_id) as "unitIds" from unit_interruption
       where interruption_id = (select interruption_id from unit_interruption
         where unit_id = $1 and started_at = to_timestamp($2::float8 / 1000) and ended_at = to_timestamp($3::float8 / 1000))
       group by interruption_id`,
      [unitIds[0], from, until],
    )
    const what = `one interruption of ${unitIds.length} units, ${unitIds[0]} among them, from ${new Date(from).toISOString()}`
    const ofUser = exclusion !== undefined && ['unit-installation', 'unit-interest', 'suspension'].includes(exclusion)
    assert.equal(rows.length, 1, what)
    const [{ id, unitIds: found }] = rows as [(typeof rows)[number]]
    if (!ofUser) assert.deepEqual(found, unitIds.toSorted(), what)
    await this.#database.transaction(async (client) => {
      if (origin) {
        const by = { approvalId: 1, evidence: 'report', proposedBy: 'operator', decidedBy: 'engineer' }
        await applyCorrection(client, { interruptionId: id, times: [], origin }, by)
        return
      }
      await touchInterruptions(client, [id], now)
      await client.query(
        `insert into interruption_exclusion (interruption_id, unit_id, reason, situation_id, evidence, approval_id)
         values ($1, $2, $3, $4, 'report', 1)`,
        [id, ofUser ? unitIds[0] : null, exclusion, exclusion === 'emergency' ? 'flood' : null],
      )
    })
  }

  /** Every unit with interruptions in a month, as it is stored. */
  async units(ofMonth: string): Promise<Map<string, StoredUnit>> {
    const rows = await this.#database.query<StoredUnit & { unitId: string }>(
      `select unit_id as "unitId", dic_ms::float8 as "dicMs", fic, dmic_ms::float8 as "dmicMs", parcels,
         coalesce((select array_agg((e ->> 'ms')::float8 order by (e ->> 'ms')::float8 desc) from jsonb_array_elements(dicri) e), '{}') as "dicriMs",
         coalesce((select array_agg((e ->> 'ms')::float8 order by (e ->> 'ms')::float8 desc) from jsonb_array_elements(dise) e), '{}') as "diseMs",
         case when pending is null then coalesce(round(compensation_brl * 100), 0) end::float8 as cents
       from unit_continuity where month = $1::date`,
      [`${ofMonth}-01`],
    )
    return new Map(rows.map(({ unitId, ...rest }) => [unitId, rest]))
  }

  /** Tables that a second run is to have just so: without the numbers that were given in the order of arrival. */
  async tables(): Promise<Record<string, string>> {
    const hashed = async (text: string): Promise<string> => {
      const [row] = await this.#database.query<{ hash: string }>(
        `select count(*) || ' ' || coalesce(md5(string_agg(line, ';' order by line)), '') as hash from (${text}) lines`,
      )
      return row!.hash
    }
    return {
      operations: await hashed(`select switch_id || at || closed || source as line from switch_operation`),
      sections: await hashed(
        `select section_id || started_at || coalesce(ended_at::text, '') || phases || element_id || taken_at || root_id || root_at as line from section_outage`,
      ),
      interruptions:
        await hashed(`select element_kind || element_id || basis || taken_at || started_at || coalesce(ended_at::text, '') || units || origin || programmed || coalesce(announced_from::text, '') as line
        from interruption where not void`),
      pieces: await hashed(
        `select unit_id || u.started_at || coalesce(u.ended_at::text, '') || phases || element_kind || element_id || taken_at as line from unit_interruption u join interruption using (interruption_id)`,
      ),
      units: await hashed(
        `select unit_id || month || dic_ms || ' ' || fic || ' ' || dmic_ms || parcels || violated::text || coalesce(compensation_brl::text, pending, '') as line from unit_continuity where parcels <> '{}'`,
      ),
      conjuntos: await hashed(`select conjunto_id || month || units || parcels as line from conjunto_continuity`),
    }
  }

  async close(): Promise<void> {
    await this.stop()
    await this.#writer.close()
    await this.#registry.close()
  }
}

export interface StoredUnit {
  readonly dicMs: number
  readonly fic: number
  readonly dmicMs: number
  readonly dicriMs: readonly number[]
  readonly diseMs: readonly number[]
  readonly parcels: Record<string, { ms: number; count: number }>
  readonly cents: number | null
}
