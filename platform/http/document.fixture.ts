import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

/** What of an OpenAPI document tests look into. */
export interface OpenApiDocument {
  readonly openapi: string
  readonly info: { readonly title: string; readonly version: string }
  readonly tags: readonly { readonly name: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, DocumentedSchema>>
    readonly responses: Readonly<Record<string, DocumentedResponse>>
    readonly securitySchemes: Readonly<Record<string, unknown>>
  }
}
// oxlint-disable-next-line typescript/no-explicit-any -- JSON Schema: whatever it says
export type DocumentedSchema = Record<string, any>
export interface DocumentedOperation {
  readonly operationId: string
  readonly summary: string
  readonly tags: readonly string[]
  readonly security: readonly Readonly<Record<string, readonly string[]>>[]
  readonly 'x-right': string
  readonly parameters: readonly {
    readonly name: string
    readonly in: 'path' | 'query'
    readonly required: boolean
    readonly schema: DocumentedSchema
  }[]
  readonly requestBody?: {
    readonly required: boolean
    readonly content: Readonly<Record<string, { readonly schema: DocumentedSchema }>>
  }
  readonly responses: Readonly<Record<string, DocumentedResponse>>
}
export interface DocumentedResponse {
  readonly $ref?: string
  readonly description?: string
  readonly content?: Readonly<Record<string, { readonly schema: DocumentedSchema }>>
}

/** What a reference in a document means. */
export function resolved<T extends { readonly $ref?: string }>(document: OpenApiDocument, part: T): T {
  if (part.$ref === undefined) return part
  let at: unknown = document
  for (const segment of part.$ref.replace(/^#\//, '').split('/'))
    at = (at as Record<string, unknown> | undefined)?.[segment.replaceAll('~1', '/').replaceAll('~0', '~')]
  if (at === undefined) throw new Error(`${part.$ref} leads nowhere`)
  return at as T
}

export const operationsOf = (
  document: OpenApiDocument,
): { readonly path: string; readonly method: string; readonly operation: DocumentedOperation }[] =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  )

/** Checks bodies against what a document says of them. */
export class DocumentCheck {
  #ajv = new Ajv2020({ strict: false })

  constructor(document: OpenApiDocument) {
    addFormats.default(this.#ajv)
    this.#ajv.addSchema(document, 'api')
  }

  /** @param pointer  to the schema, as `/components/schemas/Problem`. @returns what is wrong, or undefined */
  fault(pointer: string, body: unknown): string | undefined {
    const uri = pointer.split('/').map(encodeURIComponent).join('/')
    const validate = this.#ajv.getSchema(`api#${uri}`)
    if (!validate) return `no schema at ${pointer}`
    return validate(body) ? undefined : this.#ajv.errorsText(validate.errors)
  }
}

export const pointerTo = (...segments: string[]): string =>
  segments.map((segment) => `/${segment.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

/** What is wrong with a document by the rules of OpenAPI 3.1, and by ours. */
export function faultsOfDocument(document: OpenApiDocument): string[] {
  const faults: string[] = []
  const expect = (fine: boolean, fault: string): void => void (fine || faults.push(fault))
  expect(/^3\.1\.\d+$/.test(document.openapi), `openapi is ${document.openapi}`)
  expect(document.info.title !== '' && document.info.version !== '', 'info has no title or version')
  const tags = new Set(document.tags.map(({ name }) => name))
  expect(tags.size === document.tags.length, 'a tag is there twice')
  const ids = new Set<string>()
  for (const { path, method, operation } of operationsOf(document)) {
    const at = `${method} ${path}`
    expect(path.startsWith('/'), `${at} is no path`)
    expect(/^(GET|PUT|POST|DELETE|PATCH)$/.test(method), `${at} has no method of HTTP`)
    expect(/^[a-z][A-Za-z0-9]*$/.test(operation.operationId), `${at}: operationId ${operation.operationId}`)
    expect(!ids.has(operation.operationId), `${at}: the operationId is there twice`)
    ids.add(operation.operationId)
    expect(operation.summary !== '', `${at} has no summary`)
    for (const tag of operation.tags) expect(tags.has(tag), `${at}: the tag ${tag} is not listed`)
    for (const scheme of operation.security.flatMap(Object.keys))
      expect(scheme in document.components.securitySchemes, `${at}: no security scheme ${scheme}`)
    expect(
      (operation['x-right'] === 'open') === (operation.security.length === 0),
      `${at}: x-right is not its security`,
    )
    faults.push(...faultsOfParameters(at, path, operation), ...faultsOfResponses(at, document, operation))
    if (method === 'GET') expect(!operation.requestBody, `${at} has a body`)
  }
  faults.push(...faultsOfSchemas(document))
  return faults
}

function faultsOfParameters(at: string, path: string, { parameters }: DocumentedOperation): string[] {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)
  const described = parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name)
  const names = parameters.map((parameter) => `${parameter.in} ${parameter.name}`)
  return [
    ...(inPath.toSorted().join() === described.toSorted().join()
      ? []
      : [`${at}: the path has ${inPath}, described are ${described}`]),
    ...(new Set(names).size === names.length ? [] : [`${at}: a parameter is there twice`]),
    ...parameters
      .filter((each) => each.in === 'path' && !each.required)
      .map(({ name }) => `${at}: ${name} is not required`),
  ]
}

function faultsOfResponses(at: string, document: OpenApiDocument, { responses }: DocumentedOperation): string[] {
  const faults: string[] = []
  if (!Object.keys(responses).some((status) => /^[23]/.test(status))) faults.push(`${at} never succeeds`)
  for (const [status, response] of Object.entries(responses)) {
    const { description, content } = resolved(document, response)
    if (!/^[1-5]\d\d$/.test(status)) faults.push(`${at}: ${status} is no status`)
    if (!description) faults.push(`${at}: ${status} has no description`)
    if (Number(status) >= 400 && !content) faults.push(`${at}: ${status} does not say what comes back`)
  }
  return faults
}

/** Every reference leads somewhere, and every schema is one. */
function faultsOfSchemas(document: OpenApiDocument): string[] {
  const faults: string[] = []
  const ajv = new Ajv2020({ strict: false })
  const visit = (part: unknown, at: string): void => {
    if (typeof part !== 'object' || part === null) return
    for (const [key, inner] of Object.entries(part)) {
      if (key === '$ref' && typeof inner === 'string') {
        try {
          resolved(document, { $ref: inner })
        } catch (error) {
          faults.push(`${at}: ${String(error)}`)
        }
      }
      if (key === 'schema' && !ajv.validateSchema(inner as object)) faults.push(`${at}: ${ajv.errorsText(ajv.errors)}`)
      visit(inner, `${at}/${key}`)
    }
  }
  visit(document, '')
  for (const [name, schema] of Object.entries(document.components.schemas))
    if (!ajv.validateSchema(schema)) faults.push(`${name}: ${ajv.errorsText(ajv.errors)}`)
  return faults
}
