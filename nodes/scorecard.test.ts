import assert from 'node:assert/strict'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/**
 * What the flow library's scorecard checks (node-red-dev: P = package, N = nodes, D = dependencies), and what this
 * project asks of its nodes beyond it, checked here before anything is published.
 */

interface Package {
  readonly name: string
  readonly version: string
  readonly license?: string
  readonly private?: boolean
  readonly repository?: { readonly url?: string }
  readonly bugs?: { readonly url?: string }
  readonly homepage?: string
  readonly keywords?: readonly string[]
  readonly engines?: { readonly node?: string }
  readonly dependencies?: Readonly<Record<string, string>>
  readonly 'node-red'?: { readonly version?: string; readonly nodes?: Readonly<Record<string, string>> }
}

/** A node as its files tell it. */
interface NodeFiles {
  readonly folder: string
  /** Name of its files without extension: `telemetry-in`. */
  readonly name: string
  readonly html: string
  /** Types that the html registers. */
  readonly types: readonly string[]
}

const repository = join(import.meta.dirname, '../..')
const read = (path: string): string => readFileSync(join(repository, path), 'utf8')
const isThere = (path: string): boolean => existsSync(join(repository, path))
const languages = ['en-US', 'pt-BR']

for (const [folder, dist] of [
  ['', 'dist/'],
  ['nodes/console', 'dist/nodes/console/'],
] as const) {
  const own = JSON.parse(read(join(folder, 'package.json'))) as Package
  const nodes = Object.values(own['node-red']?.nodes ?? {}).map((file) => nodeOf(join(folder, file.replace(dist, ''))))

  describe(`scorecard of ${own.name}`, () => {
    it('P01: has a licence, and its text', () => {
      assert.equal(own.license, 'Apache-2.0')
      assert.match(read('LICENSE'), /Apache License\s+Version 2\.0/)
    })

    if (!own.private) {
      it('P02, P03: says where it lives and where to report a fault', () => {
        assert.match(own.repository?.url ?? '', new RegExp(`/${own.name.split('/')[1]}\\.git$`))
        for (const url of [own.bugs?.url, own.homepage]) assert.match(url ?? '', /^https:\/\//)
      })

      it('tells in CHANGELOG.md what this version brings', () => {
        assert.ok(isThere('CHANGELOG.md'), 'CHANGELOG.md is missing')
        assert.match(read('CHANGELOG.md'), new RegExp(`^## .*${own.version.replaceAll('.', '\\.')}`, 'm'))
      })

      it('D01: has few dependencies, or README.md says why more', () => {
        if (Object.keys(own.dependencies ?? {}).length <= 6) return
        assert.ok(isThere('README.md'), 'README.md is missing')
        assert.match(read('README.md'), /^#+ .*dependenc/im, 'README.md needs a heading on the dependencies')
      })
    }

    it('P04: has a scoped name', () => assert.match(own.name, /^@linhaviva\/node-red-/))

    it('P05: is found under the keyword node-red', () => assert.ok(own.keywords?.includes('node-red')))

    it('P06, P07: says which Node-RED and which Node.js it needs', () => {
      assert.match(own['node-red']?.version ?? '', /^>=\d/)
      assert.match(own.engines?.node ?? '', /^>=\d/)
    })

    it('N01: has nodes, and gives each type one name of its own', () => {
      const types = nodes.flatMap((node) => node.types)
      assert.ok(types.length > 0, 'package.json names no nodes')
      assert.deepEqual(
        types.filter((type, index) => !type.startsWith('linhaviva-') || types.indexOf(type) !== index),
        [],
      )
    })

    it('N02: shows every node in an example (config nodes come with the others)', () => {
      const examples = join(folder, 'examples')
      assert.ok(isThere(examples), `${examples} is missing`)
      const shown = new Set(readdirSync(join(repository, examples)).flatMap((file) => typesIn(join(examples, file))))
      const palette = nodes.filter(({ html }) => !/category:\s*'config'/.test(html)).flatMap(({ types }) => types)
      assert.deepEqual(
        palette.filter((type) => !shown.has(type)),
        [],
        'these types are in no example',
      )
    })
  })

  for (const node of nodes) describeNode(node)
}

function describeNode(node: NodeFiles): void {
  const { folder, name, html } = node
  const path = (language: string, extension: string): string =>
    join(folder, 'locales', language, `${name}.${extension}`)

  describe(`node ${name}`, () => {
    it('has its code, and an html that registers it', () => {
      assert.ok(isThere(join(folder, `${name}.ts`)), `${join(folder, name)}.ts is missing`)
      assert.notEqual(html, '', `${join(folder, name)}.html is missing`)
      assert.notDeepEqual(node.types, [], `${join(folder, name)}.html registers no type`)
    })

    it('has help in every language', () => {
      for (const language of languages) {
        const help = path(language, 'html')
        assert.ok(isThere(help), `${help} is missing`)
        for (const type of node.types) {
          const [, text] = read(help).split(`data-help-name="${type}"`)
          assert.ok(text, `${help} has no help for ${type}`)
          assert.ok(text.replace(/<[^>]*>/g, '').trim().length > 80, `${help} says next to nothing`)
        }
      }
    })

    it('has the same catalogue in every language, with all that its html asks for', () => {
      const [english, ...others] = languages.map((language) => keysOf(path(language, 'json')))
      for (const keys of others) assert.deepEqual(keys, english)
      assert.deepEqual(
        askedOf(html, name).filter((key) => !english!.some((known) => known === key || known.startsWith(`${key}.`))),
        [],
        'these keys are in no catalogue',
      )
    })

    it('has texts in which values go between double underscores, the same ones in every language', () => {
      const values = (language: string): string[] => [...read(path(language, 'json')).matchAll(/__\w+?__/g)].map(String)
      const [english, ...others] = languages.map((language) => values(language).toSorted())
      for (const found of others) assert.deepEqual(found, english)
      for (const language of languages) assert.doesNotMatch(read(path(language, 'json')), /\{\{/)
    })

    it('has an icon that exists', () => {
      if (/category:\s*'config'/.test(html)) return
      const icon = /icon:\s*'([^']+)'/.exec(html)?.[1]
      assert.ok(icon, 'names no icon')
      if (!icon.startsWith('font-awesome/')) assert.ok(isThere(join(folder, 'icons', icon)), `icons/${icon} is missing`)
    })
  })
}

function nodeOf(file: string): NodeFiles {
  const folder = dirname(file)
  const name = basename(file, '.js')
  const page = join(folder, `${name}.html`)
  const html = isThere(page) ? read(page) : ''
  const types = [...html.matchAll(/RED\.nodes\.registerType\('([^']+)'/g)].map(([, type]) => type!)
  return { folder, name, html, types }
}

function typesIn(example: string): string[] {
  if (!example.endsWith('.json')) return []
  return (JSON.parse(read(example)) as { type: string }[]).map(({ type }) => type)
}

/** Every text of a catalogue, as dotted paths. */
function keysOf(catalogue: string): string[] {
  assert.ok(isThere(catalogue), `${catalogue} is missing`)
  const walk = (value: unknown, path: string): string[] =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, inner]) => walk(inner, path === '' ? key : `${path}.${key}`))
      : [path]
  return walk(JSON.parse(read(catalogue)), '').sort()
}

/** Keys of a node's own catalogue that its html uses; others are Node-RED's or the dashboard's. */
function askedOf(html: string, name: string): string[] {
  const used = [
    ...[...html.matchAll(/data-i18n="([^"]+)"/g)].flatMap(([, keys]) => keys!.split(';')),
    ...[...html.matchAll(/this\._\('([^']+)'/g)].map(([, key]) => key!),
  ]
  return [...new Set(used.map((key) => key.replace(/^\[[^\]]*\]/, '')).filter((key) => key.startsWith(`${name}.`)))]
}
