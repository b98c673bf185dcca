// Takes webhooks as any receiver would, and lets the standard's own library judge them.
//   node webhook_receiver.mjs LIBRARY SECRET DIRECTORY
// DIRECTORY/port gets its port; DIRECTORY/taken a line for each message: its type, or what is wrong with it.
import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [library, secret, directory] = process.argv.slice(2);
const { Webhook } = createRequire(import.meta.url)(library);
const judge = new Webhook(secret);

const judged = (body, headers) => {
    try {
        return judge.verify(body, headers).type;
    } catch (error) {
        return `refused: ${error.message}`;
    }
};

const server = createServer((request, response) => {
    const pieces = [];
    request.on('data', (piece) => pieces.push(piece));
    request.on('end', () => {
        const word = judged(Buffer.concat(pieces).toString(), request.headers);
        appendFileSync(join(directory, 'taken'), `${word}\n`);
        response.writeHead(word.startsWith('refused') ? 400 : 204).end();
    });
});
server.listen(0, '127.0.0.1', () => {
    writeFileSync(join(directory, 'port.new'), String(server.address().port));
    renameSync(join(directory, 'port.new'), join(directory, 'port'));
});
