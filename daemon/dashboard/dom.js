// Making elements, and changing those that are there into those that are wanted. Views say what
// the page should look like; morph() keeps what has not changed, and with it focus, scrolling,
// open details and a film that plays.

const SVG = 'http://www.w3.org/2000/svg';

function fill(element, attributes, children) {
    for (const [name, value] of Object.entries(attributes ?? {})) {
        if (value === null || value === undefined || value === false) continue;
        element.setAttribute(name, value === true ? '' : value);
    }
    element.append(
        ...children.flat(Infinity).filter((c) => c !== null && c !== undefined && c !== false),
    );
    return element;
}

/** An element: h('p', { class: 'x' }, 'text', otherElement, [more]). Nothing is read as HTML. */
export function h(tag, attributes, ...children) {
    return fill(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes, ...children) {
    return fill(document.createElementNS(SVG, tag), attributes, children);
}

const keyOf = (node) =>
    node.nodeType === Node.ELEMENT_NODE ? node.getAttribute('data-key') : null;
// What the reader opened stays open.
const readersOwn = (element, name) => name === 'open' && element.nodeName === 'DETAILS';

function morphAttributes(from, to) {
    for (const { name } of [...from.attributes]) {
        if (!to.hasAttribute(name) && !readersOwn(from, name)) from.removeAttribute(name);
    }
    for (const { name, value } of to.attributes) {
        if (from.getAttribute(name) !== value) from.setAttribute(name, value);
    }
}

function morphNode(from, to) {
    if (from.nodeType !== Node.ELEMENT_NODE) {
        if (from.data !== to.data) from.data = to.data;
        return;
    }
    if (from.hasAttribute('data-keep')) return;
    morphAttributes(from, to);
    morph(from, [...to.childNodes]);
}

/** Takes it away; what came after it. */
function removed(node) {
    const after = node.nextSibling;
    node.remove();
    return after;
}

/** Makes `wanted` the children of `parent`; elements with the same data-key stay the same. */
export function morph(parent, wanted) {
    const keyed = new Map();
    for (const child of parent.children) if (keyOf(child)) keyed.set(keyOf(child), child);
    let at = parent.firstChild;
    for (const next of wanted) {
        const key = keyOf(next);
        let match = key ? keyed.get(key) : at;
        if (match && (match.nodeName !== next.nodeName || keyOf(match) !== key)) match = null;
        // What has gone before it is taken away: to move the match would interrupt a film in it.
        while (key && match && at && at !== match && !keyOf(at)) at = removed(at);
        if (!match) {
            parent.insertBefore(next, at);
        } else {
            if (match === at) at = at.nextSibling;
            else parent.insertBefore(match, at);
            morphNode(match, next);
        }
    }
    while (at) at = removed(at);
}
