// validate_sbom.mjs FILE: holds a bill of materials against CycloneDX's own schema. Run where its library
// is installed.
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';

const require = createRequire(process.cwd() + '/');
const {Spec, Validation} = require('@cyclonedx/cyclonedx-library');
const text = readFileSync(process.argv[2], 'utf8');
const wrong = await new Validation.JsonStrictValidator(Spec.Version.v1dot5).validate(text);
if (wrong) {
    console.error(JSON.stringify(wrong, null, 2));
    process.exit(1);
}
const names = JSON.parse(text).components.map(({name}) => name);
const missing = ['librocksdb', 'libssl', 'libboost', 'libcli11-dev'].filter(
    (expected) => !names.some((name) => name.startsWith(expected)));
if (missing.length > 0) {
    console.error('not named, though it is in there: ' + missing.join(', '));
    process.exit(1);
}
