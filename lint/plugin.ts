import { dirname, relative, sep } from 'node:path'
import { refusal, targetOf } from './boundaries.ts'
import { asksDatabaseForTime } from './database-time.ts'

/** The parts of oxlint's plugin interface that these rules use: ESLint's, on ESTree nodes. */
interface SyntaxNode {
  readonly type: string
  readonly name?: string
  /** Of a literal what it says; of a piece of a template its text. */
  readonly value?: unknown
  readonly source?: SyntaxNode | null
  readonly importKind?: string
  readonly exportKind?: string
  readonly specifiers?: readonly SyntaxNode[]
  readonly callee?: SyntaxNode
  readonly object?: SyntaxNode
  readonly property?: SyntaxNode
  readonly arguments?: readonly SyntaxNode[]
}

interface RuleContext {
  readonly filename: string
  report(finding: { message: string; node: SyntaxNode }): void
}

interface Rule {
  create(context: RuleContext): Record<string, (node: SyntaxNode) => void>
}

const repository = dirname(import.meta.dirname)

/** design.md §1, rules 1 and 2: who may import what. */
const boundaries: Rule = {
  create(context) {
    const from = relative(repository, context.filename).split(sep).join('/')

    function check(node: SyntaxNode, typesOnly: boolean): void {
      if (typeof node.source?.value !== 'string') return
      const message = refusal({ from, to: targetOf(from, node.source.value), typesOnly })
      if (message) context.report({ message, node: node.source })
    }

    const bringsTypesOnly = (node: SyntaxNode): boolean =>
      [node.importKind, node.exportKind].includes('type') ||
      (node.specifiers !== undefined &&
        node.specifiers.length > 0 &&
        node.specifiers.every(({ importKind, exportKind }) => [importKind, exportKind].includes('type')))

    return {
      ImportDeclaration: (node) => check(node, bringsTypesOnly(node)),
      ExportNamedDeclaration: (node) => check(node, bringsTypesOnly(node)),
      ExportAllDeclaration: (node) => check(node, bringsTypesOnly(node)),
      ImportExpression: (node) => check(node, false),
      TSImportType: (node) => check(node, true),
    }
  },
}

/** design.md §1, rule 7: inputs are handled through `defineNode`, which settles each message exactly once. */
const inputWrapper: Rule = {
  create: (context) => ({
    CallExpression(node) {
      if (node.callee?.property?.name !== 'on' || node.arguments?.[0]?.value !== 'input') return
      context.report({
        message: 'handle inputs through defineNode of platform/node: it settles each message once',
        node,
      })
    },
  }),
}

/**
 * design.md §1, rule 8: what time it is, only the clock says; SQL too gets the instant as a parameter. `new Date(ms)` and
 * `Date.parse` ask nobody.
 */
const oneClock: Rule = {
  create(context) {
    const message = 'ask the clock of platform/clock what time it is: it may be a simulated one'
    const checkText = (node: SyntaxNode, text: unknown): void => {
      if (typeof text === 'string' && asksDatabaseForTime(text))
        context.report({ message: 'take the instant as a parameter: the database shows the time of the wall', node })
    }
    return {
      Literal: (node) => checkText(node, node.value),
      TemplateElement: (node) => checkText(node, (node.value as { raw?: unknown }).raw),
      CallExpression(node) {
        if (node.callee?.object?.name === 'Date' && node.callee.property?.name === 'now')
          context.report({ message, node })
      },
      NewExpression(node) {
        if (node.callee?.name === 'Date' && node.arguments?.length === 0) context.report({ message, node })
      },
    }
  },
}

export default {
  meta: { name: 'linhaviva' },
  rules: { boundaries, 'input-wrapper': inputWrapper, 'one-clock': oneClock },
}
