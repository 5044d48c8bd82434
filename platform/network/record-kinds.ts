import { Type, type TObject, type TSchema } from '@sinclair/typebox'
import { IdentifierParameter, Instant, Nullable, OneOf } from '../http/fields.ts'
import { readingKinds } from '../wire/reading.ts'
import type { TableName } from './import/tables.ts'

/** A row of the registry as the API shows it: columns in camel case, null for what is not set. */
export type RegistryRecord = Readonly<Record<string, string | number | boolean | null>>

export type RecordTable = Extract<TableName, 'feeders' | 'sites' | 'conjuntos' | 'devices' | 'units'>

/** A kind of record that has an identifier of its own, and is changed column by column. */
export interface RecordKind {
  /** The file that an import calls it by; and, as `feeder`, what a person calls one. */
  readonly table: RecordTable
  readonly noun: string
  /** As in an operationId: `Feeder`. */
  readonly operation: string
  readonly idField: string
  readonly id: TSchema
  /** All but the identifier. */
  readonly fields: Readonly<Record<string, TSchema>>
  /** Those that a new one cannot do without. */
  readonly required: readonly string[]
}

const words = (description: string, example: string) =>
  Nullable(
    Type.String({
      minLength: 1,
      maxLength: 200,
      pattern: '^[^\\u0000-\\u001f\\u007f]*[^\\s\\u0000-\\u001f\\u007f][^\\u0000-\\u001f\\u007f]*$',
      description,
      examples: [example],
    }),
  )
const quantity = (minimum: number, maximum: number, description: string) =>
  Type.Number({ minimum, maximum, description })
const nominalVoltageV = quantity(1, 300_000, 'Nominal voltage, V; phase to neutral in low voltage')
const feederId = Nullable(IdentifierParameter('Its feeder', 'feeder-01'))
const siteId = Nullable(IdentifierParameter('Its site', 'house-01'))

/** What has to be known of a solar panel to say what it should generate. */
const panelFields = {
  tiltDeg: Nullable(
    quantity(0, 90, 'Of a panel, its tilt from the horizontal, degrees; the latitude of its site where null'),
  ),
  azimuthDeg: Nullable(
    quantity(0, 360, 'Of a panel, where it faces, degrees clockwise from north; the equator where null'),
  ),
  gammaPerC: Nullable(
    quantity(-0.02, 0, 'Of a panel, how its power changes with heat, of the rating per °C; −0.0035 where null'),
  ),
  noctC: Nullable(quantity(20, 90, 'Of a panel, nominal operating temperature of its cells, °C; 45 where null')),
  ratedV: Nullable(quantity(1, 1_000, 'Of a panel, its voltage at maximum power, V; 41 where null')),
  installedAt: Nullable(Instant('Of a panel, when it was installed')),
}

export const statuses = ['active', 'pending', 'rejected'] as const

export const recordKinds: readonly RecordKind[] = [
  {
    table: 'feeders',
    noun: 'feeder',
    operation: 'RegisteredFeeder',
    idField: 'feederId',
    id: IdentifierParameter('The feeder', 'feeder-01'),
    fields: {
      parentFeederId: Nullable(IdentifierParameter('The feeder it hangs on', 'feeder-00')),
      name: words('What people call it', 'Feeder 1'),
      limitKw: Nullable(quantity(0, 1_000_000, 'Most power that it may carry, kW; FEEDER_DEFAULT_LIMIT_KW where null')),
      headMeterId: Nullable(IdentifierParameter('The meter at its head, which measures no unit', 'meter-head-01')),
      nominalVoltageV: Nullable(quantity(1, 300_000, 'Nominal voltage between phase and neutral, V')),
    },
    required: [],
  },
  {
    table: 'sites',
    noun: 'site',
    operation: 'Site',
    idField: 'siteId',
    id: IdentifierParameter('The site', 'school-01'),
    fields: {
      feederId,
      name: words('What people call it', 'School 1'),
      latitude: Nullable(quantity(-90, 90, 'Degrees; given with longitude or not at all')),
      longitude: Nullable(quantity(-180, 180, 'Degrees')),
      inverterLimitKw: Nullable(
        quantity(
          0.001,
          1_000_000,
          'What its inverter lets through of all its panels together, kW; unbounded where null',
        ),
      ),
      tariffBrlKwh: Nullable(quantity(0, 100, 'What a kWh of its panels is worth, R$')),
      cleaningCostBrl: Nullable(quantity(0, 10_000_000, 'What it costs to clean all its panels once, R$')),
    },
    required: [],
  },
  {
    table: 'devices',
    noun: 'device',
    operation: 'RegisteredDevice',
    idField: 'deviceId',
    id: IdentifierParameter('The device', 'pv-001'),
    fields: {
      kind: OneOf(readingKinds, 'What it reports'),
      derType: Nullable(
        Type.String({
          pattern: '^[a-z][a-z0-9_-]{0,31}$',
          description: 'pv, battery, ev … of a DER',
          examples: ['pv'],
        }),
      ),
      status: OneOf(statuses, 'active: its readings are stored; pending: it waits; rejected: it is kept out'),
      siteId,
      feederId,
      location: words('Where it is', 'school-01, roof'),
      nominalVoltageV: Nullable(nominalVoltageV),
      ratedKw: Nullable(quantity(0, 100_000, 'Rated power, kW; of a panel 1 at most, 0.4 unless given')),
      priority: Nullable(Type.Integer({ minimum: 0, maximum: 100 })),
      isPhysical: Type.Boolean({ description: 'false: simulated' }),
      phases: Nullable(
        Type.String({
          pattern: '^(?=.)A?B?C?$',
          description: 'Of a DER, phases that it is connected to; ABC where null',
          examples: ['ABC'],
        }),
      ),
      leastKw: Nullable(
        quantity(0, 100_000, 'Of a DER, least power while it draws at all, kW; of an ev 6 A on each phase where null'),
      ),
      fallbackKw: Nullable(
        quantity(
          -100_000,
          100_000,
          'Of a DER, where it goes when it hears nothing, kW, consumption positive; where null a pv generates its rated power, others do nothing',
        ),
      ),
      contractedKw: Nullable(quantity(0, 100_000, 'Of a DER, what it has by contract, before all others, kW')),
      capacityKwh: Nullable(quantity(0.001, 1_000_000, 'Of a battery, or of the one of a car, kWh')),
      rampKwPerMinute: Nullable(quantity(0.001, 1_000_000, 'Of a DER, fastest change of its power, kW a minute')),
      minOnS: Nullable(Type.Integer({ minimum: 0, maximum: 86_400, description: 'Of a DER: once on, it stays on, s' })),
      minOffS: Nullable(
        Type.Integer({ minimum: 0, maximum: 86_400, description: 'Of a DER: once off, it stays off, s' }),
      ),
      ...panelFields,
    },
    required: ['kind'],
  },
  {
    table: 'units',
    noun: 'unit',
    operation: 'Unit',
    idField: 'unitId',
    id: IdentifierParameter('The consumer unit', 'unit-001'),
    fields: {
      siteId,
      feederId,
      tariffClass: words('Its tariff class', 'B1'),
      phases: Type.String({ pattern: '^(?=.)A?B?C?$', description: 'Phases that it has', examples: ['ABC'] }),
      nominalVoltageV,
      contractedVoltageV: Nullable(
        quantity(1, 300_000, 'Contracted voltage of a unit above 2.3 kV, 95 % to 105 % of the nominal one, V'),
      ),
      measuredBetween: OneOf(
        ['phase_neutral', 'phase_phase'],
        'What its meter measures, and its voltages stand between; phase_neutral unless given',
      ),
      conjuntoId: Nullable(IdentifierParameter('Its conjunto, by the number of the regulator', '12345')),
      area: Nullable(OneOf(['urban', 'non_urban'], 'By which the limits of its continuity differ')),
      municipalityCode: Nullable(
        Type.Integer({ minimum: 1_000_000, maximum: 9_999_999, description: 'IBGE code of its municipality' }),
      ),
    },
    required: ['nominalVoltageV'],
  },
  {
    table: 'conjuntos',
    noun: 'conjunto',
    operation: 'Conjunto',
    idField: 'conjuntoId',
    id: IdentifierParameter('The conjunto, by the number of the regulator', '12345'),
    fields: {
      name: Type.String({ ...words('What it is called', 'Vila Mariana').anyOf[0] }),
      timeZone: words('IANA zone of its civil days and months; TIME_ZONE where null', 'America/Manaus'),
    },
    required: ['name'],
  },
]

/** Identifies a state of a record: changes with everything in it. */
export const version = Type.String({
  pattern: '^[0-9a-f]{16}$',
  description: 'Names this state of the record: given with a change, it makes sure that nobody changed it meanwhile',
  examples: ['5d41402abc4b2a76'],
})

/** A record as it is shown. A device first met by its events has no kind yet. */
export const recordSchema = ({ table, operation, idField, id, fields }: RecordKind): TObject =>
  Type.Object({ [idField]: id, ...shown(table, fields), version }, { $id: operation })

const shown = (table: string, fields: RecordKind['fields']) =>
  table === 'devices' ? { ...fields, kind: Nullable(fields['kind']!) } : fields

/** What makes a new one. */
export const creationSchema = ({ idField, id, fields, required }: RecordKind): TObject =>
  Type.Object({ [idField]: id, ...optionalBut(fields, required) })

/** What changes one: what is given, null for what is to be unset, and nothing else. */
export const changeSchema = ({ fields }: RecordKind): TObject =>
  Type.Object({ ...optionalBut(fields, []), version: Type.Optional(version) })

const optionalBut = (fields: RecordKind['fields'], required: readonly string[]) =>
  Object.fromEntries(
    Object.entries(fields).map(([name, schema]) => [name, required.includes(name) ? schema : Type.Optional(schema)]),
  )

/** `nominalVoltageV` as the database and the files call it: `nominal_voltage_v`. */
export const columnOf = (field: string): string => field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

export const fieldOf = (column: string): string =>
  column.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
