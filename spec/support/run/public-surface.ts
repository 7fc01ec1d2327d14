import { join } from 'node:path'
import ts from 'typescript'

/** The entries of the package and the file behind each. */
export const ENTRIES: Readonly<Record<string, string>> = {
  serfx: 'lib/index.ts',
  'serfx/handler': 'lib/handler/index.ts',
  'serfx/jobs': 'lib/jobs/index.ts',
  'serfx/testing': 'lib/testing/index.ts',
}

/**
 * What the docs call an object of these classes. The commands of clients and connections stand without one.
 */
const OWNERS: Readonly<Record<string, string>> = { TestAgent: 'agent', Fault: 'fault' }

/** What the compiler knows of the public surface. */
export class PublicSurface {
  readonly #program: ts.Program
  readonly #checker: ts.TypeChecker

  constructor(private readonly root: string) {
    const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (file) => ts.sys.readFile(file)) as {
      config: unknown
    }
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
    const files = Object.values(ENTRIES).map((file) => join(root, file))
    this.#program = ts.createProgram(files, { ...options, noEmit: true })
    this.#checker = this.#program.getTypeChecker()
  }

  /**
   * Every options object that a user can write: `ClientOptions` → its properties, and `event()` → those of an
   * object that has no name of its own. Only objects all of whose properties are optional count, and those
   * whose name says so.
   */
  optionsObjects(): Map<string, string[]> {
    const found = new Map<string, string[]>()
    for (const symbol of this.#exports()) {
      const type = this.#typeOf(symbol)
      if (
        symbol.flags & ts.SymbolFlags.Interface &&
        /(Options|Filter|End|Criteria|Sources)$/.test(symbol.name)
      ) {
        found.set(symbol.name, names(type))
      }
      for (const [call, parameter] of this.#parameters(symbol, type)) {
        const properties = this.#anonymousOptions(parameter)
        if (properties) found.set(call, properties)
      }
    }
    return found
  }

  /** The classes of errors that are exported. */
  errorClasses(): string[] {
    return this.#exports()
      .filter(({ flags, name }) => flags & ts.SymbolFlags.Class && name.endsWith('Error'))
      .map(({ name }) => name)
      .filter(unique)
  }

  /** The codes in the unions of the types, and those that `lib/` gives to an error it makes. */
  errorCodes(): string[] {
    const typed = this.#exports()
      .filter(({ name }) => name.endsWith('ErrorCode'))
      .flatMap((symbol) => {
        const type = this.#checker.getDeclaredTypeOfSymbol(symbol)
        return type.isUnion() ? type.types : [type]
      })
      .flatMap((type) => (type.isStringLiteral() ? [type.value] : []))
    const made = this.#program
      .getSourceFiles()
      .filter(
        ({ fileName }) => fileName.startsWith(join(this.root, 'lib/')) && !fileName.includes('/lib/testing/'),
      )
      .flatMap((file) => codesMadeIn(file))
    return [...typed, ...made].filter(unique).sort()
  }

  #exports(): ts.Symbol[] {
    return Object.values(ENTRIES).flatMap((file) => {
      const source = this.#program.getSourceFile(join(this.root, file))
      const module = source && this.#checker.getSymbolAtLocation(source)
      if (!module) throw new Error(`${file} is no module`)
      return this.#checker
        .getExportsOfModule(module)
        .map((symbol) =>
          symbol.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(symbol) : symbol,
        )
    })
  }

  #typeOf(symbol: ts.Symbol): ts.Type {
    return symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface)
      ? this.#checker.getDeclaredTypeOfSymbol(symbol)
      : this.#checker.getTypeOfSymbol(symbol)
  }

  /** The parameters of a function, or of the public methods of a class. */
  *#parameters(symbol: ts.Symbol, type: ts.Type): Generator<[call: string, parameter: ts.Type]> {
    for (const signature of type.getCallSignatures()) yield* this.#parametersOf(symbol.name, signature)
    if (!(symbol.flags & ts.SymbolFlags.Class)) return
    for (const property of type.getProperties().filter(isPublic)) {
      const method = this.#checker.getTypeOfSymbol(property)
      const owner = OWNERS[symbol.name]
      const name = owner === undefined ? property.name : `${owner}.${property.name}`
      for (const signature of method.getCallSignatures()) yield* this.#parametersOf(name, signature)
    }
  }

  *#parametersOf(name: string, signature: ts.Signature): Generator<[call: string, parameter: ts.Type]> {
    for (const parameter of signature.getParameters()) {
      yield [`${name}()`, this.#checker.getTypeOfSymbol(parameter)]
    }
  }

  #anonymousOptions(parameter: ts.Type): string[] | undefined {
    const types = parameter.isUnion() ? parameter.types : [parameter]
    const [object] = types.filter(
      (type) =>
        type.getSymbol()?.name === '__type' && !type.aliasSymbol && type.getCallSignatures().length === 0,
    )
    const properties = object?.getProperties() ?? []
    if (properties.length === 0) return undefined
    return properties.every(({ flags }) => flags & ts.SymbolFlags.Optional)
      ? object && names(object)
      : undefined
  }
}

function names(type: ts.Type): string[] {
  return type
    .getProperties()
    .map(({ name }) => name)
    .sort()
}

function isPublic(symbol: ts.Symbol): boolean {
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected
  return (symbol.declarations ?? []).every(
    (declaration) =>
      !(ts.getCombinedModifierFlags(declaration) & hidden) &&
      !ts.getJSDocTags(declaration).some(({ tagName }) => tagName.text === 'internal'),
  )
}

/** String literals in capitals that are given to a function or class whose name ends in `Error`. */
function codesMadeIn(file: ts.SourceFile): string[] {
  const codes: string[] = []
  const visit = (node: ts.Node): void => {
    if (
      (ts.isNewExpression(node) || ts.isCallExpression(node)) &&
      /Error$|^super$/.test(node.expression.getText(file))
    ) {
      for (const argument of node.arguments ?? []) {
        if (ts.isStringLiteral(argument) && /^[A-Z][A-Z_]+$/.test(argument.text)) codes.push(argument.text)
      }
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return codes
}

function unique<T>(value: T, index: number, all: readonly T[]): boolean {
  return all.indexOf(value) === index
}
