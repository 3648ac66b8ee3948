// Runs the translated rules over a folder of bundles: `node run.mjs ELM VALUE_SETS FOLDER DATE`.
// Prints one JSON object: the verdicts of each person in the order of RULES, CPU seconds a round, and the peak memory.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import cql from 'cql-execution';
import fhir from 'cql-exec-fhir';

const RULES = ['Age', 'Diagnosis', 'TNF inhibitor taken', 'Dose', 'ALT above', 'Clearance'];
const WARM = 50;
const ROUNDS = 3;

const [elmFile, valueSetFile, folder, day] = process.argv.slice(2);
const json = (file) => JSON.parse(readFileSync(file, 'utf8'));
const seconds = () => {
  const used = process.cpuUsage(); // of all threads: node collects garbage beside the script
  return (used.user + used.system) / 1e6;
};

const elm = json(elmFile);
const library = new cql.Library(elm.Screen, new cql.Repository({ FHIRHelpers: elm.FHIRHelpers }));
const codes = new cql.CodeService(json(valueSetFile));
const parameters = { On: cql.Date.parse(day) };
const now = cql.DateTime.fromJSDate(new Date(`${day}T12:00:00Z`), 0);

// Executor.exec would also compute every helper by itself; these are the verdicts alone, which is less work.
async function run(bundles) {
  const source = fhir.PatientSource.FHIRv401();
  source.loadBundles(bundles);
  const found = {};
  for (let patient = source.currentPatient(); patient; patient = source.nextPatient()) {
    const context = new cql.PatientContext(library, patient, codes, parameters, now);
    const verdicts = [];
    for (const rule of RULES) verdicts.push(await library.expressions[rule].execute(context));
    found[patient.getId().value ?? patient.getId()] = verdicts.map((verdict) => verdict ?? null);
  }
  return found;
}

const before = seconds();
const bundles = readdirSync(folder).sort().map((name) => json(join(folder, name)));
const read = seconds() - before;
await run(bundles.slice(0, WARM));
const ran = [];
let verdicts = {};
for (let round = 0; round < ROUNDS; round++) {
  const start = seconds();
  verdicts = await run(bundles);
  ran.push(seconds() - start);
}
// What resourceUsage tells also counts the process that started this one.
const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : '';
const memory = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? process.resourceUsage().maxRSS) / 1024;
process.stdout.write(JSON.stringify({ verdicts, read, ran, memory }));
