"""Cases of SSML, element by element, each with the judge of its sound."""
