"""How well licences are matched: a labelled set that is made independently of the matcher, and what is measured on it.

A licence is one of (type, issuer lineage, number, holder), or what its 电子证照标识 names without the version. Renewed,
changed or cancelled under its number it is the same licence at a later time; reissued under a new number it is another.
The truth is what the world is, whether or not a matcher could find out.
"""
