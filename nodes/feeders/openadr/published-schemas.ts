import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import { parse } from 'yaml'
import { BadObject, faultOf } from '../domain/openadr/objects.ts'

/**
 * What Linha Viva takes from a VTN or gives to it, by the names of the document. Not `ven` and `resource`: there each of two parts of
 * the schema wants an `objectType` of its own, and no object fits both (3.1.0 and 3.1.1).
 */
const names = ['program', 'event', 'report', 'reportRequest'] as const
export type SchemaName = (typeof names)[number]

/** The schemas of the OpenAPI document of OpenADR 3.1 as its alliance publishes it; the document is not part of this project. */
export class PublishedSchemas {
  readonly #validators = new Map<SchemaName, ValidateFunction>()

  /**
   * @param document YAML or JSON, OpenAPI 3.0 or 3.1
   * @throws Error that says in one line why it cannot be used
   */
  constructor(document: string) {
    const { schemas } = componentsOf(parse(document))
    // A document for people, too: it has words that a validator does not know.
    const ajv = addFormats.default(new Ajv({ strict: false, verbose: true }))
    ajv.addSchema({ components: { schemas } }, 'openadr')
    for (const name of names) {
      if (!Object.hasOwn(schemas, name)) throw new Error(`has no schema "${name}"`)
      this.#validators.set(name, ajv.compile({ $ref: `openadr#/components/schemas/${name}` }))
    }
  }

  /** @throws BadObject that names field and value, where the schema does not allow them */
  check(name: SchemaName, value: unknown): void {
    const validate = this.#validators.get(name)!
    if (!validate(value)) throw new BadObject(`${faultOf(validate.errors as ErrorObject[])} (schema ${name})`)
  }
}

function componentsOf(document: unknown): { schemas: Record<string, unknown> } {
  const { components } = (document ?? {}) as { components?: { schemas?: unknown } }
  const schemas = components?.schemas
  if (typeof schemas !== 'object' || schemas === null) throw new Error('has no components.schemas')
  return { schemas: schemas as Record<string, unknown> }
}
