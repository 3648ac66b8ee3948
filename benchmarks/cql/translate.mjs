// CQL into ELM, in node alone: `node translate.mjs FILE` writes a JSON object of libraries by their name.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { SystemModelInfoProvider } from '@cqframework/cql/cql';
import {
  CqlTranslator,
  LibraryManager,
  ModelManager,
  createLibrarySourceProvider,
  createModelInfoProvider,
  createUcumService,
  stringAsSource,
} from '@cqframework/cql/cql-to-elm';

const read = (name) => readFileSync(join(import.meta.dirname, name), 'utf8');
const refuse = () => {
  throw new Error('these rules compare units as codes and convert none');
};

const models = new ModelManager();
models.modelInfoLoader.registerModelInfoProvider(new SystemModelInfoProvider());
const fhir = createRequire(import.meta.url).resolve('cql-exec-fhir/lib/modelInfos/fhir-modelinfo-4.0.1.xml');
models.modelInfoLoader.registerModelInfoProvider(
  createModelInfoProvider((name) => (name === 'FHIR' ? stringAsSource(readFileSync(fhir, 'utf8')) : null)),
);
// Units in the text are taken as they are: a service that finds every unit right and converts none.
const libraries = new LibraryManager(models, undefined, undefined, createUcumService(refuse, () => null, refuse, refuse));
libraries.librarySourceLoader.registerProvider(
  createLibrarySourceProvider((name) => (name === 'FHIRHelpers' ? stringAsSource(read('FHIRHelpers.cql')) : null)),
);

const elm = {};
for (const name of ['FHIRHelpers', 'Screen']) {
  const file = name === 'Screen' ? 'screen.cql' : `${name}.cql`;
  const translator = CqlTranslator.fromText(read(file), libraries);
  const library = JSON.parse(translator.toJson());
  const errors = library.library.annotation.filter((note) => note.errorSeverity === 'error');
  if (errors.length) {
    console.error(errors.map((error) => `${file}:${error.startLine}:${error.startChar}: ${error.message}`).join('\n'));
    process.exit(1);
  }
  elm[name] = library;
}
writeFileSync(process.argv[2], JSON.stringify(elm));
