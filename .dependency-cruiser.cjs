/** The directions of import that docs/architecture.md promises. */
const folder = (name) => `^src/${name}/`;

const mayImport = {
  net: [],
  cluster: ["net"],
  observed: ["net", "cluster"],
  expected: ["net", "cluster"],
  verify: ["net", "cluster", "observed", "expected"],
  report: ["net", "cluster", "observed", "expected", "verify"],
};

const directions = Object.entries(mayImport).map(([name, allowed]) => ({
  name: `${name}-imports-only-${["itself", ...allowed].join("-")}`,
  comment: `src/${name} may import ${["itself", ...allowed].join(", ")} and nothing else of src`,
  severity: "error",
  from: { path: folder(name) },
  to: { path: "^src/", pathNot: [name, ...allowed].map(folder) },
}));

module.exports = {
  forbidden: [
    ...directions,
    {
      name: "nobody-imports-cli",
      comment: "only the program itself is built on the command line's code",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/cli/" },
      to: { path: "^src/cli/" },
    },
    {
      name: "world-only-in-cli",
      comment: "files, processes and the network are the CLI's; the library takes byte sources",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/cli/" },
      to: {
        dependencyTypes: ["core"],
        pathNot: "^(node:)?(net|zlib|crypto|events|stream|util|buffer)$",
      },
    },
    {
      name: "no-circular",
      severity: "error",
      from: { path: "^src/" },
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "no-orphans",
      comment: "every file is reached from the program or the library",
      severity: "error",
      from: { orphan: true, path: "^src/" },
      to: {},
    },
  ],
  options: {
    parser: "swc",
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { conditionNames: ["source", "import", "node"] },
    doNotFollow: { path: "node_modules" },
  },
};
