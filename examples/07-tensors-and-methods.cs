#:project ../src/Adjoint/Adjoint.csproj
// Shows what a method can do to the tensor it is given: assigning to its parameter changes nothing for the caller, an in-place change does.
// Why it matters: "x = x * 10" and "x.MulInPlace(10)" look alike, and only one of them is seen outside.
// Try: pass `ref Tensor x` to Reassign. Now the caller's variable names another tensor.
using Adjoint;

List<Tensor> met = [];                                  // objects are numbered as they are met: what id() is in Python
Tensor mine = Tensor.From([1f, 2, 3]);
Tensor before = mine;                                   // a second name for the same object, to compare with
Console.WriteLine($"at first         {mine}  id {Id(mine)}  version {mine.Version}");

Reassign(mine);
Console.WriteLine($"after Reassign   {mine}  id {Id(mine)}  version {mine.Version}  the same object: {ReferenceEquals(mine, before)}");

InPlace(mine);
Console.WriteLine($"after InPlace    {mine}  id {Id(mine)}  version {mine.Version}  the same object: {ReferenceEquals(mine, before)}");
Console.WriteLine($"seen by before   {before}");

int Id(Tensor x)
{
    int known = met.FindIndex(other => ReferenceEquals(other, x));
    if (known < 0) met.Add(x);
    return known < 0 ? met.Count : known + 1;
}

void Reassign(Tensor x)
{
    Tensor given = x;
    x = x * 10;                                         // x now names a new tensor; mine still names the old one
    Console.WriteLine($"  in Reassign    {x}  id {Id(x)}  the object that was given: {ReferenceEquals(x, given)}");
}

void InPlace(Tensor x)
{
    Tensor given = x;
    x.MulInPlace(10);                                   // changes the memory that everybody looks at
    Console.WriteLine($"  in InPlace     {x}  id {Id(x)}  the object that was given: {ReferenceEquals(x, given)}");
}

// Autograd watches: a tensor that a node has saved must not be changed before the backward pass, and that is noticed by its version.
Tensor w = Tensor.From([2f, 3], requiresGrad: true), y = w * 1, z = y * y;
y.MulInPlace(10);
try
{
    z.Sum().Backward();
}
catch (VersionException e)
{
    Console.WriteLine(e.Message);
}
Console.WriteLine("Seen: a variable is a name for an object. Assigning gives the name to another object; a method in place changes the object.");
