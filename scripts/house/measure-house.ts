// The figures of the house, of a tree of texts: what `npm run house` prints and the architecture test keeps within bounds.
import path from 'node:path'
import { findCircles, longestChain, type ImportGraph } from './import-graph.ts'
import { readSource, type Source } from './read-source.ts'

export interface HouseFigures {
  files: number
  codeLines: number
  /** `file:line name`, longest first. */
  longFunctions: { place: string; name: string; lines: number }[]
  /** Files in the longest chain of imports. */
  depthWithTypes: string[]
  depthByValue: string[]
  circles: string[][]
  circlesByValue: string[][]
  /** Files that lie in src itself, other than its index. */
  looseFiles: string[]
  /** Folders with more than `folderLimit` files of code. */
  fullFolders: { folder: string; files: number }[]
  comments: number
  /** Comments that open with a pronoun or a relative clause, so that the subject is still to come. */
  riddles: { place: string; text: string }[]
}

export const functionLimit = 100
export const folderLimit = 20

/** Tests and what tests share: no code of the product. */
const ofTests = /(\.test|-harness|-test-batch)\.tsx?$|(^|\/)test-[^/]*\.ts$|crash-child\.ts$/
const riddle =
  /^(It|Its|They|Their|Them|Those|These|That|This|What|Whatever|Which|Whichever|Who|Whoever|Whose|Whom|Where|He|She|One|Ones|Some|Others?|Both|Neither|Either|Such|So many|So far|The same|Same|Beside which|By which|In which|Of which|From which|To which|With which)\b(?! (file|part|line|record|place|thread|source) )/

/** By path from the root. */
export function measureHouse(tree: ReadonlyMap<string, string>): HouseFigures {
  const sources = new Map<string, Source>()
  for (const [file, text] of tree)
    if (/\.tsx?$/.test(file) && !ofTests.test(file)) sources.set(file, readSource(file, text))
  const all = [...sources]
  const graphOf = (isWanted: (isType: boolean, isLater: boolean) => boolean): ImportGraph =>
    new Map(
      all.map(([file, { imports }]) => [
        file,
        [...new Set(imports.filter((each) => isWanted(each.isType, each.isLater)).map((each) => each.file))].filter(
          (target) => sources.has(target),
        ),
      ]),
    )
  const withTypes = graphOf((_, isLater) => !isLater)
  const byValue = graphOf((isType, isLater) => !isType && !isLater)
  const folders = new Map<string, number>()
  for (const file of sources.keys()) {
    const folder = path.posix.dirname(file)
    folders.set(folder, (folders.get(folder) ?? 0) + 1)
  }
  return {
    files: sources.size,
    codeLines: all.reduce((sum, [, { codeLines }]) => sum + codeLines, 0),
    longFunctions: all
      .flatMap(([file, { functions }]) =>
        functions
          .filter(({ lines }) => lines > functionLimit)
          .map(({ name, line, lines }) => ({ place: `${file}:${line}`, name, lines })),
      )
      .sort((a, b) => b.lines - a.lines),
    depthWithTypes: longestChain(withTypes),
    depthByValue: longestChain(byValue),
    circles: findCircles(withTypes),
    circlesByValue: findCircles(byValue),
    looseFiles: [...sources.keys()].filter((file) => /^src\/[^/]+$/.test(file) && file !== 'src/index.ts'),
    fullFolders: [...folders]
      .map(([folder, files]) => ({ folder, files }))
      .filter(({ files }) => files > folderLimit)
      .sort((a, b) => b.files - a.files),
    comments: all.reduce((sum, [, { comments }]) => sum + comments.length, 0),
    riddles: all.flatMap(([file, { comments }]) =>
      comments.filter(({ text }) => riddle.test(text)).map(({ line, text }) => ({ place: `${file}:${line}`, text })),
    ),
  }
}
