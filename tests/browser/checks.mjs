// What holds on every page: nothing sticks out sideways, text can be read, controls have names.
import { must } from './place.mjs';

/** Runs in the page: texts whose contrast is below 4.5 (WCAG AA), with the number. */
function faintTexts() {
    const parse = (colour) => colour.match(/[\d.]+/g).map(Number);
    const light = ([r, g, b]) => {
        const [x, y, z] = [r, g, b].map((c) =>
            c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4,
        );
        return 0.2126 * x + 0.7152 * y + 0.0722 * z;
    };
    const behind = (element) => {
        for (let at = element; at; at = at.parentElement) {
            const [r, g, b, alpha = 1] = parse(getComputedStyle(at).backgroundColor);
            if (alpha === 1) return [r, g, b];
        }
        return [255, 255, 255];
    };
    const faint = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        if (
            !walker.currentNode.data.trim() ||
            !element.checkVisibility() ||
            element.closest('option, .unseen, svg')
        )
            continue;
        const [a, b] = [light(parse(getComputedStyle(element).color)), light(behind(element))].sort(
            (x, y) => y - x,
        );
        const contrast = (a + 0.05) / (b + 0.05);
        if (contrast < 4.5)
            faint.push(`${contrast.toFixed(1)} "${walker.currentNode.data.trim().slice(0, 40)}"`);
    }
    return faint;
}

/** Runs in the page: controls that a screen reader has no name for. */
function namelessControls() {
    return [
        ...document.querySelectorAll(
            'a, button, input, select, progress, meter, video, audio, svg[role]',
        ),
    ]
        .filter(
            (element) =>
                element.checkVisibility() &&
                !element.getAttribute('aria-label') &&
                !element.textContent.trim() &&
                !element.labels?.length,
        )
        .map((element) => element.outerHTML.slice(0, 120));
}

export async function checkPage(page, name) {
    const [wide, room] = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        innerWidth,
    ]);
    must(wide <= room, `${name} is ${wide} wide where there is room for ${room}`);
    const faint = await page.evaluate(faintTexts);
    must(faint.length === 0, `${name} has faint text: ${faint.join(', ')}`);
    const nameless = await page.evaluate(namelessControls);
    must(nameless.length === 0, `${name} has nameless controls: ${nameless.join(', ')}`);
    const landmarks = await page.evaluate(() => [
        document.querySelectorAll('main').length,
        document.querySelectorAll('h1').length,
    ]);
    must(
        landmarks.every((number) => number === 1),
        `${name} has ${landmarks} of main and h1`,
    );
}
