// Narrows the list of people to those with every word that is typed; without it the whole list is there.
(() => {
  const box = document.getElementById("filter");
  if (!box) return;
  const [field, told] = [box.querySelector("input"), box.querySelector("output")];
  const fold = document.querySelector("#candidates details.more");
  const rows = [...document.querySelectorAll("#candidates > table > tbody > tr, #candidates details.more > table > tbody > tr")];
  const texts = rows.map(row => row.textContent.toLowerCase());
  let opened = false;
  box.hidden = false;
  field.addEventListener("input", () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(word => word);
    let count = 0;
    rows.forEach((row, place) => {
      row.hidden = !words.every(word => texts[place].includes(word));
      count += !row.hidden;
    });
    if (fold && words.length && !fold.open) { fold.open = true; opened = true; }
    if (fold && !words.length && opened) { fold.open = false; opened = false; }
    told.textContent = words.length ? `${count} of ${rows.length} people` : "";
  });
})();
