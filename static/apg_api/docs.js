"use strict";

const place = document.getElementById("operations");
window.SwaggerUIBundle({
  url: place.dataset.document,
  domNode: place,
  presets: [window.SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  deepLinking: true,
  // The validator is a site of others: nothing is sent there.
  validatorUrl: null,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
});
