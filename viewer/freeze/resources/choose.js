// Goes on in the language chosen here before, else in the one that the browser names; the links stand there in any case.
(function () {
  var known = document.querySelectorAll("a[data-language]");
  var chosen = null;
  try {
    chosen = localStorage.getItem("ditich-language");
  } catch (error) {
    // storage is forbidden here: nothing is remembered
  }
  known.forEach(function (link) {
    link.addEventListener("click", function () {
      try {
        localStorage.setItem("ditich-language", link.dataset.language);
      } catch (error) {
        // as above
      }
    });
  });
  for (var wish of [chosen || ""].concat(navigator.languages || [navigator.language])) {
    for (var link of known) {
      if (wish.slice(0, 2).toLowerCase() === link.dataset.language) return location.replace(link.href);
    }
  }
})();
